/**
 * Node-RED as its documents embed it, with the flow of its users: HTTP in → response, and over the threshold → e-mail. Its log says
 * warnings alone and it has no editor, which spares it work.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';

interface NodeRed {
  init(server: object, settings: object): void;
  start(): Promise<void>;
  readonly httpNode: Parameters<typeof createServer>[1];
  readonly events: { once(event: string, listener: () => void): void };
}

const { NODE_RED_HOME = '', SMTP_PORT, PORT } = process.env;
const red = createRequire(join(NODE_RED_HOME, 'package.json'))('node-red') as NodeRed; // it has no types

const DRAFT = `return { from: 'alarms@example.org', to: 'user@example.org', topic: 'bench ' + msg.payload.id, payload: JSON.stringify(msg.payload) };`;
const node = (id: string, type: string, to: readonly (readonly string[])[], settings: object = {}) => ({
  ...{ id, type, z: 'flow', name: '', x: 0, y: 0, wires: to },
  ...settings,
});
const FLOWS = [
  { id: 'flow', type: 'tab', label: 'Bench' },
  node('in', 'http in', [['out', 'hot']], { url: '/:device', method: 'post' }),
  node('out', 'http response', [], { statusCode: '200' }),
  node('hot', 'switch', [['draft']], {
    property: 'payload.temperature',
    propertyType: 'msg',
    rules: [{ t: 'gt', v: '80', vt: 'num' }],
  }),
  node('draft', 'function', [['mail']], { func: DRAFT, outputs: 1, libs: [] }),
  node('mail', 'e-mail', [], { server: '127.0.0.1', port: SMTP_PORT, secure: false, tls: false, authtype: 'NONE' }),
];

const storage = {
  init: () => Promise.resolve(),
  getFlows: () => Promise.resolve(FLOWS),
  getCredentials: () => Promise.resolve({}),
  getSettings: () => Promise.resolve({}),
  saveSettings: () => Promise.resolve(),
  getSessions: () => Promise.resolve({}),
  saveSessions: () => Promise.resolve(),
  getLibraryEntry: () => Promise.resolve([]),
};

const server = createServer((request, response) => red.httpNode?.(request, response as never)); // an Express application
red.init(server, {
  ...{ userDir: NODE_RED_HOME, httpAdminRoot: false, httpNodeRoot: '/', credentialSecret: false },
  ...{ storageModule: storage, logging: { console: { level: 'warn' } }, telemetry: { enabled: false } },
});
red.events.once('flows:started', () =>
  server.listen(Number(PORT), '127.0.0.1', () => void process.stdout.write('ready\n')),
);
await red.start();
process.on('SIGTERM', () => process.exit(0));
