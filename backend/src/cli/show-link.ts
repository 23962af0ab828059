import { AccountLinks } from '../accounts/index.js';
import { AppModule } from '../app.module.js';
import { Audit } from '../audit/index.js';
import { loadConfig, StartError, type Config } from '../config/index.js';
import { Database } from '../db/index.js';
import { createLog, type Log } from '../http/index.js';
import { Closing } from '../start/closing.js';
import { createApp } from '../start/create-app.js';
import { openParts } from '../start/open-parts.js';
import { closingOnFailure } from '../start/outcome.js';
import { SignInStates, Users } from '../users/index.js';

/**
 * Prints a link that lets somebody in: the last way back when no mail server works and no administrator can sign in.
 * Also lifts a lock. Beside a running product, too.
 */
export async function showLink(email: string): Promise<void> {
  const config = loadConfig(process.env);
  const log = createLog('warn');
  await closingOnFailure(log, new Closing(), (closing) => print(email, config, log, closing));
}

async function print(email: string, config: Config, log: Log, closing: Closing): Promise<void> {
  const app = await createApp(AppModule.of(await openParts(config, log, closing)), config, log);
  const [users, links, states] = [app.get(Users), app.get(AccountLinks), app.get(SignInStates)];
  const url = await app.get(Database).transaction(async (uow) => {
    const user = await users.findByEmail(uow, email);
    if (user?.active !== true) throw new StartError(`No active user has the address ${email}.`);
    const purpose = user.activatedAt === null ? 'activation' : 'password-reset';
    const tenantId = user.tenant.id;
    const link = await links.create(uow, { purpose, tenantId, userId: user.id });
    await states.unlock(uow, user.id);
    const action = purpose === 'activation' ? 'user.invitation-link-shown' : 'user.password-reset-link-shown';
    const entity = { type: 'user', id: user.id, name: user.email } as const;
    await Audit.record(uow, { actor: { kind: 'system' }, tenantId, action, entity });
    return link.url;
  });
  process.stdout.write(`${url}\n`);
  await closing.run(log);
}
