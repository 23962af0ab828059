import type { MailProviderTemplate, OAuthApplication, OAuthApplicationInput } from '../../../core/api/models';
import type { JsonSchema } from '../../../ui/schema-form/json-schema';
import { type JsonObject, at } from '../../../ui/schema-form/json-value';
import type { SecretChange, SecretState } from '../../../ui/secret-field/secret';
import { changeOf } from '../parts/part-dialog';

const text = (more: JsonSchema = {}): JsonSchema => ({ type: 'string', maxLength: 512, ...more });
const ENDPOINTS = ['issuer', 'authorizationUrl', 'tokenUrl', 'deviceUrl', 'revocationUrl', 'userinfoUrl'] as const;

/** How an application proves who it is. */
type Proof = 'secret' | 'certificate' | 'serviceAccount' | 'none';

/** The fields that an application of this provider has. Which ones are valid, the server knows. */
export function applicationSchema({ oauth }: MailProviderTemplate, isSystem: boolean): JsonSchema {
  const proofs = proofsOf(oauth);
  const withId = { field: 'proof', in: proofs.filter((proof) => proof !== 'serviceAccount') };
  return {
    type: 'object',
    required: ['name'],
    properties: {
      name: text({ maxLength: 255 }),
      proof: { type: 'string', enum: proofs, default: proofs[0] },
      clientId: text({ showIf: withId }),
      ...(oauth?.directoryId
        ? { directoryId: text({ placeholder: oauth.directoryId.default ?? '', showIf: withId }) }
        : {}),
      clientSecret: text({ secret: true, showIf: { field: 'proof', in: ['secret'] } }),
      certificate: text({ maxLength: 20_000, widget: 'pem', showIf: { field: 'proof', in: ['certificate'] } }),
      certificateKey: text({ maxLength: 20_000, secret: true, showIf: { field: 'proof', in: ['certificate'] } }),
      serviceAccountKey: text({ maxLength: 20_000, secret: true, showIf: { field: 'proof', in: ['serviceAccount'] } }),
      secretExpiresOn: text({ widget: 'date', showIf: { field: 'proof', in: ['secret', 'certificate'] } }),
      ...(oauth?.tokenUrl === undefined && oauth?.authority === undefined ? endpointFields() : {}),
      ...(isSystem ? { shared: { type: 'boolean', default: false } } : {}),
    },
  };
}

function proofsOf(oauth: MailProviderTemplate['oauth']): readonly Proof[] {
  if (oauth?.library === 'google') return ['secret', 'serviceAccount'];
  return oauth?.library === 'msal' ? ['secret', 'certificate', 'none'] : ['secret', 'certificate', 'none'];
}

const endpointFields = (): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    ENDPOINTS.map((name) => [name, text({ maxLength: 2048, section: 'endpoints', placeholder: 'https://' })]),
  );

/** An application as the form edits it; `secrets` tells what is stored. */
export function openedApplication(application: OAuthApplication): {
  readonly value: JsonObject;
  readonly secrets: ReadonlyMap<string, SecretState>;
} {
  const { name, clientId, directoryId, shared, secretExpiresAt, clientSecret, certificate, serviceAccount } =
    application;
  const proof: Proof = serviceAccount.isSet
    ? 'serviceAccount'
    : certificate.isSet
      ? 'certificate'
      : clientSecret.isSet
        ? 'secret'
        : 'none';
  const endpoints = Object.fromEntries(ENDPOINTS.map((endpoint) => [endpoint, application[endpoint] ?? undefined]));
  return {
    value: {
      ...endpoints,
      ...{ name, proof, shared, clientId: clientId ?? undefined, directoryId: directoryId ?? undefined },
      secretExpiresOn: secretExpiresAt === null ? undefined : new Date(secretExpiresAt).toISOString().slice(0, 10),
    },
    secrets: new Map([
      ['/clientSecret', clientSecret],
      ['/certificateKey', certificate],
      ['/serviceAccountKey', serviceAccount],
    ]),
  };
}

/** As the API takes it; null: the key file is not one. */
export function applicationInput(
  value: JsonObject,
  provider: OAuthApplicationInput['provider'],
): OAuthApplicationInput | null {
  const serviceAccount = serviceAccountOf(changeOf(value['serviceAccountKey']));
  if (!serviceAccount) return null;
  const words = ['clientId', 'directoryId', ...ENDPOINTS].flatMap((name) => {
    const word = value[name];
    return typeof word === 'string' && word !== '' ? [[name, word.trim()] as const] : [];
  });
  const day = value['secretExpiresOn'];
  return {
    ...Object.fromEntries(words),
    name: typeof value['name'] === 'string' ? value['name'].trim() : '',
    provider,
    shared: value['shared'] === true,
    secretExpiresAt: typeof day === 'string' ? Date.parse(day) : null,
    clientSecret: changeOf(value['clientSecret']),
    certificate: certificateOf(changeOf(value['certificateKey']), value['certificate']),
    serviceAccount,
  };
}

function certificateOf(key: SecretChange, certificate: unknown): NonNullable<OAuthApplicationInput['certificate']> {
  if (key.change === 'set') {
    return {
      change: 'set',
      value: { certificate: typeof certificate === 'string' ? certificate : '', privateKey: key.value },
    };
  }
  return key.change === 'clear' ? key : { change: 'keep' };
}

/** Of the JSON file that Google gives for a service account. */
function serviceAccountOf(key: SecretChange): OAuthApplicationInput['serviceAccount'] | null {
  if (key.change !== 'set') return key.change === 'clear' ? key : { change: 'keep' };
  try {
    const file: unknown = JSON.parse(key.value);
    const [email, privateKey] = [at(file, ['client_email']), at(file, ['private_key'])];
    if (typeof email !== 'string' || typeof privateKey !== 'string') return null;
    return { change: 'set', value: { email, privateKey } };
  } catch {
    return null;
  }
}
