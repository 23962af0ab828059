import type { ActiveNotice, ActiveNoticeCode } from '@signalpost/contracts';

/** Something that is wrong in one scope, whoever looks. */
export interface FoundNotice {
  readonly tenantId: string;
  readonly code: ActiveNoticeCode;
  /** Tells it apart from others of the same code; stays the same while the same thing is wrong. */
  readonly key: string;
  readonly severity: ActiveNotice['severity'];
  readonly message: string;
  readonly params: ActiveNotice['params'];
  readonly page: string | null;
}

export const toActive = ({ code, key, severity, message, params, page }: FoundNotice): ActiveNotice => ({
  ...{ id: key === '' ? code : `${code}:${key}`, code, severity, message, params, page },
});
