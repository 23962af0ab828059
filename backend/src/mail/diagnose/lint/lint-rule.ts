import type { ApiTransport, LintFinding, MailProviderTemplate, TlsMode } from '@signalpost/contracts';

/** Settings as somebody typed them, saved or not: anything may be missing or wrong. */
export interface LintSettings {
  readonly provider?: string | undefined;
  readonly transport?: 'smtp' | ApiTransport | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly tls?: TlsMode | undefined;
  readonly from?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly auth?: LintAuth | undefined;
}

/** Of every kind of sign-in, the application's part with it. */
export interface LintAuth {
  readonly kind?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly sharedMailbox?: string | undefined;
  readonly flow?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
  readonly clientId?: string | undefined;
  readonly clientSecret?: string | undefined;
  readonly directoryId?: string | undefined;
  readonly issuer?: string | undefined;
  readonly authorizationUrl?: string | undefined;
  readonly tokenUrl?: string | undefined;
  readonly deviceUrl?: string | undefined;
  readonly revocationUrl?: string | undefined;
}

export interface LintContext {
  readonly settings: LintSettings;
  readonly auth: LintAuth;
  /** The provider that was chosen, or else the one that the host belongs to. */
  readonly template: MailProviderTemplate | undefined;
  readonly templates: readonly MailProviderTemplate[];
}

/** A mistake that was found; values of secrets are never part of it. */
export type Found = Omit<LintFinding, 'code' | 'severity'>;

export interface LintRule {
  readonly code: string;
  readonly severity: LintFinding['severity'];
  readonly find: (context: LintContext) => readonly Found[];
  /** Settings that must be found, and some that must not. */
  readonly wrong: readonly [LintSettings, ...LintSettings[]];
  readonly right: readonly LintSettings[];
}

/** Fields of text, by JSON Pointer. Secrets are looked at for blanks alone. */
export function textsOf({ settings, auth }: LintContext): readonly (readonly [pointer: string, text: string])[] {
  const { host, from, replyTo } = settings;
  const { scopes = [], kind: _kind, flow: _flow, password: _password, ...texts } = auth;
  const named = [
    ...Object.entries({ host, from, replyTo }).map(([name, text]) => [`/${name}`, text] as const),
    ...Object.entries(texts).map(([name, text]) => [`/auth/${name}`, text] as const),
    ...scopes.map((scope, index) => [`/auth/scopes/${index}`, scope] as const),
  ];
  return named.flatMap(([pointer, text]) => (text === undefined ? [] : [[pointer, text] as const]));
}

const URL_FIELDS = ['issuer', 'authorizationUrl', 'tokenUrl', 'deviceUrl', 'revocationUrl'] as const;

export const urlsOf = ({ auth }: LintContext): readonly (readonly [pointer: string, url: string])[] =>
  URL_FIELDS.flatMap((name) => {
    const url = auth[name];
    return url === undefined ? [] : [[`/auth/${name}`, url] as const];
  });

/** At Microsoft, by what was typed: a template may not have been chosen. */
export const isMicrosoft = ({ settings, auth, template }: LintContext): boolean =>
  template?.oauth?.library === 'msal' ||
  /(^|\.)(office365\.(com|us)|outlook\.com|partner\.outlook\.cn)$/i.test(settings.host ?? '') ||
  /login\.(microsoftonline|partner\.microsoftonline|windows)\.|login\.microsoftonline/i.test(auth.tokenUrl ?? '');

export const isGoogle = ({ settings, template }: LintContext): boolean =>
  template?.oauth?.library === 'google' || /(^|\.)(gmail|google|googlemail)\.com$/i.test(settings.host ?? '');

/** One finding, or none. */
export const when = (found: boolean, finding: () => Found): readonly Found[] => (found ? [finding()] : []);
