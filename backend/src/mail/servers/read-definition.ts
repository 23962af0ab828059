import type {
  MailServerDefinition,
  OAuthDefinition,
  OutboundDefinition,
  SecretDefinition,
} from '@signalpost/contracts';

import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { ProblemError } from '../../http/index.js';
import type { SettingsProblem } from './settings-problem.js';
import { fillFromTemplate, type Fillable } from './fill-from-template.js';
import type { MailServerToSave } from './mail-servers.js';
import { parseSettings, type StoredSecret } from './read-input.js';

/** What the file may name, by its name. */
export interface DefinedNames {
  readonly secrets: ReadonlyMap<string, string>;
  readonly connectors: ReadonlyMap<string, string>;
  readonly applications: ReadonlyMap<string, string>;
}

const NO_NAMES: DefinedNames = { secrets: new Map(), connectors: new Map(), applications: new Map() };

type Defined = Pick<
  MailServerToSave,
  'name' | 'description' | 'default' | 'fallback' | 'active' | 'settings' | 'ownApplication'
>;

/**
 * What the provisioning file writes on one level, apart again, with what the provider's template says.
 * @throws ProblemError `validation-failed`
 */
export function splitDefinition(definition: MailServerDefinition, names: DefinedNames = NO_NAMES): Defined {
  const { name, description, default: isDefault, fallback, active, ...given } = definition;
  const identity = { name, description, default: isDefault, fallback, active };
  if (given.provider === 'sandbox') return { ...identity, settings: given };
  const { connector, auth, clientCertificate, dkim, ...rest } = given;
  const find = finder(names);
  const filled = fillFromTemplate({ ...rest, auth: authOf(auth, find) });
  const read = parseSettings({
    ...filled,
    ...(connector === undefined ? {} : { connectorId: connector && find('connectors', 'connector', connector) }),
    ...(clientCertificate && {
      clientCertificate: {
        ...clientCertificate,
        privateKey: secretOf('clientCertificate.privateKey', clientCertificate.privateKey, find),
      },
    }),
    ...(dkim && { dkim: { ...dkim, privateKey: secretOf('dkim.privateKey', dkim.privateKey, find) } }),
  });
  if (!read.ok) throw refused(read.problems);
  return { ...identity, settings: read.settings, ...ownApplicationOf(auth) };
}

type Find = (kind: keyof DefinedNames, field: string, name: string) => string;

const WORDS: Readonly<Record<keyof DefinedNames, string>> = {
  secrets: 'secret',
  connectors: 'connector',
  applications: 'OAuth application',
};

const finder =
  (names: DefinedNames): Find =>
  (kind, field, name) => {
    const id = names[kind].get(name);
    if (id === undefined) throw refused([{ field, message: `there is no ${WORDS[kind]} "${name}" for this scope.` }]);
    return id;
  };

const secretOf = (field: string, given: SecretDefinition, find: Find): StoredSecret =>
  typeof given === 'string' ? given : { secretId: find('secrets', field, given.secret) };

type Auth = OutboundDefinition['auth'];

/** An application that is written inline gets the server's id when that is known; until then it has none. */
function authOf(auth: Auth, find: Find): Fillable['auth'] & Readonly<Record<string, unknown>> {
  if (auth.kind === 'none') return auth;
  if (auth.kind === 'basic') return { ...auth, password: secretOf('auth.password', auth.password, find) };
  const { kind, flow, username, sharedMailbox, scopes, application } = auth;
  const applicationId =
    application === undefined ? SYSTEM_TENANT_ID : find('applications', 'auth.application', application);
  return { kind, flow, username, sharedMailbox, scopes, applicationId };
}

function ownApplicationOf(auth: Auth): Pick<Defined, 'ownApplication'> {
  if (auth.kind !== 'oauth2' || auth.application !== undefined) return {};
  const { application: _application, ...own } = auth satisfies OAuthDefinition;
  return { ownApplication: own };
}

function refused(problems: readonly SettingsProblem[]): ProblemError {
  const errors = problems.map(({ field, message }) => ({ pointer: `/${field.replaceAll('.', '/')}`, message }));
  return new ProblemError('validation-failed', { errors });
}
