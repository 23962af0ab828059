import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

export interface FakeProxy {
  readonly port: number;
  /** `host:port` of each way that was opened, in order. */
  readonly opened: readonly string[];
  stop(): Promise<void>;
}

/** An HTTP proxy with CONNECT (RFC 9110 §9.3.6) for one user. */
export async function startHttpProxy(user: { readonly name: string; readonly password: string }): Promise<FakeProxy> {
  const opened: string[] = [];
  const sockets = new Set<Socket>();
  const wanted = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, socket: Socket) => {
    if (request.headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const target = request.url ?? '';
    opened.push(target);
    const { hostname, port } = new URL(`http://${target}`);
    const onward = connect({ host: hostname, port: Number(port) }, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.pipe(onward).pipe(socket);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    opened,
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
