import type { MailProviderTemplate } from '../../../core/api/models';
import { type JsonObject, at, put } from '../../../ui/schema-form/json-value';

/** Where a server listens for each TLS mode unless somebody says otherwise (RFC 8314, RFC 5321). */
const USUAL_PORTS: Readonly<Record<string, number>> = { implicit: 465, starttls: 587, none: 25 };

/** What a change brings with it: a port that fits the TLS mode, a flow for the sign-in, OAuth for an API. */
export function followed(before: JsonObject, after: JsonObject, template: MailProviderTemplate | null): JsonObject {
  return [portFollowsTls, apiNeedsOAuth, flowIsThere].reduce(
    (settings, rule) => rule(before, settings, template),
    after,
  );
}

type Rule = (before: JsonObject, after: JsonObject, template: MailProviderTemplate | null) => JsonObject;

/** Only a port that fitted before is changed: another one somebody has typed. */
const portFollowsTls: Rule = (before, after, template) => {
  if (before['tls'] === after['tls'] || before['port'] !== after['port']) return after;
  const was = portFor(before['tls'], template);
  const port = portFor(after['tls'], template);
  return port !== undefined && (before['port'] === was || before['port'] === undefined) ? { ...after, port } : after;
};

function portFor(tls: unknown, template: MailProviderTemplate | null): number | undefined {
  const known = template?.smtp ? [template.smtp, ...template.smtp.alternatives] : [];
  return known.find((one) => one.tls === tls)?.port ?? USUAL_PORTS[String(tls)];
}

const apiNeedsOAuth: Rule = (_before, after) => {
  const isApi = after['transport'] === 'graph' || after['transport'] === 'gmail';
  return isApi && at(after, ['auth', 'kind']) !== 'oauth2' ? put(after, ['auth', 'kind'], 'oauth2') : after;
};

const flowIsThere: Rule = (_before, after, template) => {
  const isMissing = at(after, ['auth', 'kind']) === 'oauth2' && at(after, ['auth', 'flow']) === undefined;
  const [best] = template?.oauth?.flows ?? [];
  return isMissing && best ? put(after, ['auth', 'flow'], best) : after;
};
