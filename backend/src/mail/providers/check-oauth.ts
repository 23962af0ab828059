import {
  API_TRANSPORTS,
  DELEGATED_FLOWS,
  type MailProviderOAuth,
  type MailProviderTemplate,
  type OAuthFlow,
} from '@signalpost/contracts';

type Scopes = MailProviderOAuth['scopes'];

/** Scopes of OpenID Connect: they tell who consented and that the consent lasts; of no resource. */
const SIGN_IN_SCOPES = ['offline_access', 'openid', 'profile', 'email'];
const APP_ONLY_OF: Readonly<Record<MailProviderOAuth['library'], readonly OAuthFlow[]>> = {
  msal: ['clientCredentials'],
  google: ['serviceAccount'],
  openid: ['clientCredentials'],
};
const DIRECTORY = '{directoryId}';

/** Disagreements between flows, addresses and scopes. */
export function checkOAuth({ oauth, apiTransports }: MailProviderTemplate): string[] {
  if (oauth === undefined) return [];
  return [
    ...checkFlows(oauth),
    ...checkAddresses(oauth),
    ...checkTransports(oauth, apiTransports),
    ...checkSpelling('largeMailScopes', oauth.largeMailScopes ?? []),
    ...(oauth.largeMailScopes !== undefined && !apiTransports.includes('graph')
      ? ['largeMailScopes without graph']
      : []),
    ...lists(oauth.scopes).flatMap(([use, scopes]) => checkDelegated(oauth, use, scopes)),
    ...lists(oauth.appOnlyScopes).flatMap(([use, scopes]) => checkAppOnly(oauth, use, scopes)),
  ];
}

const lists = (scopes: Scopes | undefined): [string, readonly string[]][] =>
  Object.entries(scopes ?? {}).flatMap(([use, list]) => (list === undefined ? [] : [[use, list]]));

function checkFlows({ library, flows, appOnlyScopes }: MailProviderOAuth): string[] {
  const strange = flows.filter((flow) => !DELEGATED_FLOWS.includes(flow) && !APP_ONLY_OF[library].includes(flow));
  const hasAppOnly = flows.some((flow) => !DELEGATED_FLOWS.includes(flow));
  return [
    ...strange.map((flow) => `the flow ${flow} is none of ${library}`),
    ...(new Set(flows).size < flows.length ? ['names a flow twice'] : []),
    ...(hasAppOnly !== (appOnlyScopes !== undefined) ? ['app-only flows and app-only scopes disagree'] : []),
    // Google lets no device ask for mail: "OAuth 2.0 for TV and Limited-Input Device Applications", allowed scopes.
    ...(library === 'google' && flows.includes('deviceCode') ? ['Google has no device code for mail'] : []),
  ];
}

/** Either all that the flows need, or none at all: then a person types them. */
function checkAddresses(oauth: MailProviderOAuth): string[] {
  const { flows, authorizationUrl, tokenUrl, deviceUrl, authority, directoryId } = oauth;
  const addresses = Object.entries(oauth).filter(([name]) => /Url$|^authority$|^issuer$/.test(name));
  const isPreset = addresses.some(([name]) => name !== 'registerUrl');
  const hasPlace = JSON.stringify(addresses).includes(DIRECTORY);
  const needed = { authorizationUrl: ['authorizationCode', authorizationUrl], deviceUrl: ['deviceCode', deviceUrl] };
  const missing = Object.entries(needed).filter(
    ([, [flow, url]]) => flows.some((each) => each === flow) !== (url !== undefined),
  );
  return [
    ...(isPreset ? missing.map(([name]) => `${name} and the flows disagree`) : []),
    ...(isPreset && tokenUrl === undefined ? ['has no tokenUrl'] : []),
    ...(hasPlace !== (directoryId !== undefined) ? [`${DIRECTORY} and directoryId disagree`] : []),
    ...((oauth.library === 'msal') !== (authority !== undefined)
      ? ['an authority is for msal, and msal needs one']
      : []),
    ...(isPreset && oauth.scopes.smtp.length === 0 ? ['has no scopes for SMTP'] : []),
  ];
}

function checkTransports({ scopes, appOnlyScopes }: MailProviderOAuth, offered: readonly string[]): string[] {
  const wrong = API_TRANSPORTS.filter(
    (transport) =>
      offered.includes(transport) !== (scopes[transport] !== undefined) ||
      (appOnlyScopes !== undefined && offered.includes(transport) !== (appOnlyScopes[transport] !== undefined)),
  );
  return wrong.map((transport) => `the API ${transport} and its scopes disagree`);
}

/** RFC 6749 §3.3: printable ASCII without blank, quote and backslash. */
const isScope = (scope: string): boolean => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope) && !/[()<>[\]]|SMPT/.test(scope);

const checkSpelling = (use: string, scopes: readonly string[]): string[] =>
  scopes.filter((scope) => !isScope(scope)).map((scope) => `${use}: "${scope}" is no scope`);

/** One request asks for one resource (Microsoft refuses two), and for a token that lasts. */
function checkDelegated({ library }: MailProviderOAuth, use: string, scopes: readonly string[]): string[] {
  const ofResources = scopes.filter((scope) => !SIGN_IN_SCOPES.includes(scope));
  const resources = new Set(ofResources.map((scope) => scope.replace(/\/[^/]*$/, '')));
  return [
    ...checkSpelling(use, scopes),
    ...(ofResources.some((scope) => scope.endsWith('/.default')) ? [`${use}: /.default is for app-only flows`] : []),
    ...(scopes.length > 0 && ofResources.length === 0 ? [`${use}: asks for no mail`] : []),
    ...(resources.size > 1 ? [`${use}: asks for two resources`] : []),
    ...(library === 'msal' && !scopes.includes('offline_access') ? [`${use}: would bring no refresh token`] : []),
  ];
}

/** Without a person there is nobody to sign in; Microsoft then takes one resource's `/.default` and nothing else. */
function checkAppOnly({ library }: MailProviderOAuth, use: string, scopes: readonly string[]): string[] {
  const isDefault = scopes.length === 1 && scopes.every((scope) => scope.endsWith('/.default'));
  return [
    ...checkSpelling(use, scopes),
    ...(scopes.some((scope) => SIGN_IN_SCOPES.includes(scope)) ? [`${use}: app-only, and asks who signs in`] : []),
    ...(library === 'msal' && !isDefault ? [`${use}: app-only takes the one scope of the resource, …/.default`] : []),
  ];
}
