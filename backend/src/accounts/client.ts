import type {} from '@fastify/cookie'; // for request.cookies
import type { FastifyRequest } from 'fastify';

/** Names a browser beyond its sessions; see `KnownDevices`. */
export const DEVICE_COOKIE = 'signalpost_device';

/** Longer ones say nothing more to a person. */
const MAX_USER_AGENT = 300;

/** Where a request came from, as far as it tells. */
export interface Client {
  /** IP address. */
  readonly address: string;
  readonly userAgent: string;
  /** Of the cookie that an earlier sign-in left. */
  readonly deviceToken: string | undefined;
}

export const clientOf = (request: FastifyRequest): Client => ({
  address: request.ip,
  userAgent: (request.headers['user-agent'] ?? '').slice(0, MAX_USER_AGENT),
  deviceToken: request.cookies[DEVICE_COOKIE],
});
