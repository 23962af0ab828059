import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below those that systems give to outgoing connections, of which one could take a port before the product does. */
const LOWEST = 20_000;
const PORTS_A_WORKER = 2_000;
const WORKERS = 6;

/** Specs that run side by side have ranges of their own. */
const first = LOWEST + (Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS) * PORTS_A_WORKER;
let next = Math.floor(Math.random() * PORTS_A_WORKER);

/** A TCP port of the loopback address that nobody holds now, and that is not handed out again soon. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS_A_WORKER; tries++) {
    const port = first + (next++ % PORTS_A_WORKER);
    if (await isFree(port)) return port;
  }
  throw new Error('no TCP port to be had');
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  const free = await once(probe, 'listening').then(
    () => true,
    () => false,
  );
  if (!free) return false;
  probe.close();
  await once(probe, 'close');
  return true;
}
