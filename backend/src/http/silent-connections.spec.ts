import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';

import fastify from 'fastify';
import { expect, it } from 'vitest';

import { closeSilentConnections } from './silent-connections.js';

it('ends although a browser opened a connection ahead, and lets a request under way be answered', async () => {
  const app = fastify({ forceCloseConnections: 'idle' });
  closeSilentConnections(app);
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    app.get('/slow', async () => {
      resolve();
      await new Promise<void>((release) => (answer = release));
      return 'done';
    });
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo; // a TCP server's address
  const ahead = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(ahead, 'connect');
  const slow = fetch(`http://127.0.0.1:${port}/slow`);
  await asked;
  const closed = app.close();
  await once(ahead, 'close');
  answer();
  expect(await (await slow).text()).toBe('done');
  await closed;
});
