import { isIPv6 } from 'node:net';

/** What one subscriber has: an IPv4 address, or an IPv6 /64 with its 2^64 addresses. */
export const networkOf = (source: string): string =>
  isIPv6(source) && !source.startsWith('::ffff:') ? expandIPv6(source).slice(0, 4).join(':') : source;

function expandIPv6(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  if (left === undefined || right === undefined || tail === undefined) return head.split(':');
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
