import { randomBytes } from 'node:crypto';

import { EgressGuard } from '../net/index.js';
import { SecretBox } from '../secrets/index.js';
import { OutboxSignal } from './outbox-signal.js';
import { MailServers } from './servers/mail-servers.js';
import { StoredSettings } from './servers/stored-settings.js';

/** Mail servers for specs of other rooms: real settings, sealed with a key of this run; no sender listens. */
export function mailServersForTests(egressAllow: readonly string[] = []): MailServers {
  const secrets = new SecretBox([{ kid: 'k1', key: randomBytes(32) }]);
  return new MailServers(new StoredSettings(secrets), new EgressGuard(egressAllow), new OutboxSignal());
}
