import {
  storedMailServerSettingsSchema,
  type MailServerSettingsInput,
  type NamedSecretChange,
  type OutboundInput,
  type SecretReference,
  type StoredMailServerSettings,
  type StoredOutboundSettings,
} from '@signalpost/contracts';

import { mailProvider } from '../providers/catalogue.js';
import type { SettingsProblem } from './settings-problem.js';
import { fillFromTemplate } from './fill-from-template.js';

/** A secret as settings hold it: itself, or where it is kept. */
export type StoredSecret = string | SecretReference;

export type ReadSettings =
  | { readonly ok: true; readonly settings: StoredMailServerSettings }
  | { readonly ok: false; readonly problems: readonly SettingsProblem[] };

/**
 * What a page sent, with what the template says and with the secrets that stay.
 * @param old the settings until now, opened; undefined for a new server and where its secrets do not open any more
 */
export function readInput(input: MailServerSettingsInput, old: StoredMailServerSettings | undefined): ReadSettings {
  if (input.provider === 'sandbox') return { ok: true, settings: input };
  const before = old?.provider === 'sandbox' ? undefined : old;
  const filled = fillFromTemplate(input);
  const problems: SettingsProblem[] = [];
  const take = (field: string, change: NamedSecretChange, kept: StoredSecret | undefined, moved = false) => {
    const secret = secretOf(change, kept);
    if (secret === undefined) problems.push({ field, message: 'must be entered.' });
    else if (moved && change.change === 'keep') problems.push({ field, message: ENTER_AGAIN });
    return secret;
  };
  const settings = withSecrets(filled, before, take);
  return problems.length > 0 ? { ok: false, problems } : parseSettings(settings);
}

/** Checks what was put together; a missing host is told in words of its own. */
export function parseSettings(settings: Assembled): ReadSettings {
  if (settings.host === undefined) {
    const { name } = mailProvider(settings.provider);
    return { ok: false, problems: [{ field: 'host', message: `must be given: ${name} has no host of its own.` }] };
  }
  const parsed = storedMailServerSettingsSchema.safeParse(settings);
  if (parsed.success) return { ok: true, settings: parsed.data };
  return {
    ok: false,
    problems: parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
  };
}

type Take = (
  field: string,
  change: NamedSecretChange,
  kept: StoredSecret | undefined,
  moved?: boolean,
) => StoredSecret | undefined;

/** Private keys never leave Signalpost: where they go with the settings does not matter. A password does leave. */
function withSecrets(input: OutboundInput, before: StoredOutboundSettings | undefined, take: Take): Assembled {
  const { auth, clientCertificate, dkim, ...rest } = input;
  const password = before?.auth.kind === 'basic' ? before.auth.password : undefined;
  return {
    ...rest,
    auth:
      auth.kind === 'basic'
        ? { ...auth, password: take('auth.password', auth.password, password, !sameReceiver(before, input)) }
        : auth,
    ...(clientCertificate && {
      clientCertificate: {
        ...clientCertificate,
        privateKey: take(
          'clientCertificate.privateKey',
          clientCertificate.privateKey,
          before?.clientCertificate?.privateKey,
        ),
      },
    }),
    ...(dkim && {
      dkim: { ...dkim, privateKey: take('dkim.privateKey', dkim.privateKey, before?.dkim?.privateKey) },
    }),
  };
}

/** Settings put together, not checked yet. */
interface Assembled extends Pick<OutboundInput, 'provider' | 'host'> {
  readonly [field: string]: unknown;
}

function secretOf(change: NamedSecretChange, kept: StoredSecret | undefined): StoredSecret | undefined {
  switch (change.change) {
    case 'keep':
      return kept;
    case 'set':
      return change.value;
    case 'named':
      return { secretId: change.secretId };
    case 'clear':
      return undefined;
  }
}

/** What a password belongs to: whoever is told it now must be who was told it before. */
function sameReceiver(before: StoredOutboundSettings | undefined, { provider, host, auth }: OutboundInput): boolean {
  if (before?.auth.kind !== 'basic' || auth.kind !== 'basic') return false;
  return before.provider === provider && sameHost(before.host, host) && before.auth.username === auth.username;
}

const sameHost = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();

const ENTER_AGAIN =
  'must be entered again: the host, the provider or the user name is another one now, and the old password is not sent there.';
