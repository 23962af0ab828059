import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * Networks that are not the public internet (IANA special-purpose registries, RFC 6890): loopback, link-local with the
 * clouds' metadata services, private, shared, documentation, benchmarking, multicast, reserved. IPv6 networks that carry
 * an IPv4 address (mapped, NAT64, 6to4, Teredo) are closed as a whole: no mail server needs to be reached through them.
 */
const SPECIAL_NETWORKS = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  '5f00::/16',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
] as const;

/** A list for each family: to a BlockList, every IPv4 address is in `::ffff:0:0/96`. */
const special = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const network of SPECIAL_NETWORKS) addNetwork(special[network.includes(':') ? 'ipv6' : 'ipv4'], network);

/** Whether anybody on the internet may own this address. */
export function isPublicAddress(address: string): boolean {
  const plain = withoutZone(address);
  const family = addressFamily(plain);
  return family !== undefined && !special[family].check(plain, family);
}

export function addressFamily(address: string): 'ipv4' | 'ipv6' | undefined {
  if (isIPv4(address)) return 'ipv4';
  return isIPv6(address) ? 'ipv6' : undefined;
}

/** @param network CIDR, or one address */
export function addNetwork(list: BlockList, network: string): boolean {
  const [address = '', prefix] = network.split('/');
  const family = addressFamily(address);
  const longest = family === 'ipv4' ? 32 : 128;
  const bits = prefix === undefined ? longest : Number(prefix);
  if (family === undefined || !Number.isInteger(bits) || bits < 0 || bits > longest) return false;
  list.addSubnet(address, bits, family);
  return true;
}

/** `fe80::1%eth0` → `fe80::1` */
export const withoutZone = (address: string): string => address.replace(/%.*$/, '');
