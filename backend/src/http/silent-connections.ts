import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

/**
 * Browsers open connections ahead, for requests that may come. To Node such a connection is not idle, and the end of the
 * program would wait for it: so those on which nothing was ever asked are closed. What is answered while the program ends
 * ends its connection, too.
 */
export function closeSilentConnections(app: FastifyInstance): void {
  const silent = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.prependListener('request', ({ socket }) => silent.delete(socket));
  let closing = false;
  app.addHook('preClose', (done) => {
    closing = true;
    for (const socket of silent) socket.destroy();
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('Connection', 'close');
    done(null, payload);
  });
}
