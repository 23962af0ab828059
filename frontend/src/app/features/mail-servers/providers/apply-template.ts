import type { MailProviderTemplate } from '../../../core/api/models';
import { type JsonObject, at, differences, put } from '../../../ui/schema-form/json-value';

/** What a provider's template fills in; everything else of a mail server stays as it is. */
export const GOVERNED = [
  'provider',
  'transport',
  'host',
  'port',
  'tls',
  'auth',
  'maxConnections',
  'maxMessagesPerConnection',
  'messagesPerMinute',
  'recipientsPerMessage',
  'maxMessageBytes',
] as const;

/** The limits that a template may say, and the setting that keeps each. */
const LIMITS = {
  maxConnections: 'connections',
  maxMessagesPerConnection: 'messagesPerConnection',
  messagesPerMinute: 'perMinute',
  recipientsPerMessage: 'recipientsPerMessage',
  maxMessageBytes: 'messageBytes',
} as const satisfies Record<string, keyof MailProviderTemplate['limits']>;

/** One setting that became another one. */
export interface Change {
  /** Dots between names. */
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** The settings as `after` wants them, for somebody who had `before` (null: nothing was chosen yet). */
export function applyTemplate(
  settings: JsonObject,
  before: MailProviderTemplate | null,
  after: MailProviderTemplate,
): JsonObject {
  const chosen = put(settings, ['provider'], after.id);
  const { smtp } = after;
  if (!smtp) return chosen;
  const connected = { ...chosen, ...hostOf(settings, before, smtp), port: smtp.port, tls: smtp.tls };
  const signedIn = put(connected, ['auth'], authOf(at(settings, ['auth']), before, after));
  return limited(put(signedIn, ['transport'], transportOf(settings, after)), before, after);
}

/** What was said for another provider stays only where a person said it. */
function hostOf(
  { host }: JsonObject,
  before: MailProviderTemplate | null,
  smtp: NonNullable<MailProviderTemplate['smtp']>,
): JsonObject {
  if (smtp.host !== null) return { host: smtp.host };
  const filledIn = [before?.smtp?.host, ...(before?.smtp?.otherHosts ?? []).map((other) => other.host)];
  const own = typeof host === 'string' && !filledIn.includes(host) ? host : undefined;
  const only = smtp.otherHosts[0]?.host;
  return { host: own ?? only ?? '' };
}

function authOf(auth: unknown, before: MailProviderTemplate | null, after: MailProviderTemplate): JsonObject {
  const kind = at(auth, ['kind']);
  const kept = before === null ? undefined : after.auth.find((one) => one === kind);
  const next = kept ?? after.auth[0] ?? 'none';
  const username = usernameOf(at(auth, ['username']), before, after);
  if (next === 'none') return { kind: next };
  if (next === 'basic') return { kind: next, ...username, password: at(auth, ['password']) };
  const flow = after.oauth?.flows.find((one) => one === at(auth, ['flow'])) ?? after.oauth?.flows[0];
  return { kind: next, ...username, flow };
}

function usernameOf(username: unknown, before: MailProviderTemplate | null, after: MailProviderTemplate): JsonObject {
  if (after.username.fixed !== undefined) return { username: after.username.fixed };
  const filledIn = [before?.username.fixed, before?.username.suggestion];
  if (typeof username === 'string' && username !== '' && !filledIn.includes(username)) return { username };
  return after.username.suggestion === undefined ? {} : { username: after.username.suggestion };
}

function transportOf({ transport }: JsonObject, { apiTransports }: MailProviderTemplate): string {
  return apiTransports.find((one) => one === transport) ?? 'smtp';
}

function limited(settings: JsonObject, before: MailProviderTemplate | null, after: MailProviderTemplate): JsonObject {
  return Object.entries(LIMITS).reduce((result, [name, limit]) => {
    const known = after.limits[limit];
    const filledIn = before?.limits[limit];
    if (known !== undefined) return put(result, [name], known);
    return filledIn !== undefined && result[name] === filledIn ? put(result, [name], undefined) : result;
  }, settings);
}

/** What is different about the governed settings, secrets left out. */
export function changesBetween(before: JsonObject, after: JsonObject): readonly Change[] {
  const paths = GOVERNED.flatMap((name) => differences(before[name], after[name], [name]));
  return paths
    .filter((path) => !path.includes('password') && path[0] !== 'provider')
    .map((path) => ({ name: path.join('.'), before: at(before, path), after: at(after, path) }));
}

/** `settings` with the governed part of `other`. */
export function withGoverned(settings: JsonObject, other: JsonObject): JsonObject {
  return GOVERNED.reduce((result, name) => put(result, [name], other[name]), settings);
}
