import { StartError } from '../config/index.js';

/** One thing that is wrong with a provisioning file. */
export interface FileProblem {
  /** Where, like `tenants[0].devices[2].token`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A file that cannot be applied: every problem in a line of its own. Nothing was changed. */
export class ProvisioningError extends StartError {
  override name = 'ProvisioningError';

  constructor(
    file: string,
    readonly problems: readonly FileProblem[],
  ) {
    super(
      [`The provisioning file ${file} cannot be applied; nothing was changed.`, ...problems.map(toLine)].join('\n'),
    );
  }
}

const toLine = ({ path, message }: FileProblem): string => (path === '' ? message : `${path}: ${message}`);

/** `['tenants', 0, 'name']` is `tenants[0].name`. */
export const toPath = (parts: readonly PropertyKey[]): string =>
  parts
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
