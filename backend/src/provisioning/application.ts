import { PROBLEMS } from '@signalpost/contracts';

import type { Saved, UnitOfWork } from '../db/index.js';
import { ProblemError } from '../http/index.js';
import { ProvisioningError, toPath } from './provisioning-error.js';
import type { LoadedFile } from './read-file.js';
import { Tally } from './result.js';

type Path = readonly PropertyKey[];

/** One file being applied in one transaction: what was done so far, and where in the file something was refused. */
export class Application {
  readonly tally = new Tally();

  constructor(
    readonly uow: UnitOfWork,
    readonly file: LoadedFile,
    /** False for the demo: it fills the database, and people may then change everything. */
    readonly managed: boolean,
  ) {}

  /** Saves one entry and notes what that did. @returns its id */
  async save(path: Path, what: string, work: () => Promise<Saved>): Promise<string> {
    const { id, change } = await this.at(path, work);
    this.tally.note(change, what);
    return id;
  }

  /** Gives a refusal the path of the entry that caused it. */
  async at<T>(path: Path, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ProblemError) throw this.refuse(path, sentenceOf(error));
      throw error;
    }
  }

  refuse(path: Path, message: string): ProvisioningError {
    return new ProvisioningError(this.file.path, [{ path: toPath(path), message }]);
  }

  async unlock(what: (name: string) => string, work: () => Promise<readonly string[]>): Promise<void> {
    if (this.managed) this.tally.unlocked.push(...(await work()).map(what));
  }
}

function sentenceOf(error: ProblemError): string {
  const errors = error.details.errors?.map(({ pointer, message }) => `${pointer} ${message}`.trim());
  return [error.message, ...(errors ?? []), PROBLEMS[error.code].advice].join(' ');
}
