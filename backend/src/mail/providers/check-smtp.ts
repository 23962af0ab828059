import type { MailProviderTemplate, TlsMode } from '@signalpost/contracts';

/** What a port speaks by convention (IANA, RFC 8314) and at every provider; others are the providers' own, with STARTTLS. */
const IMPLICIT_PORTS = [465, 2465];

const fits = (port: number, tls: TlsMode): boolean => IMPLICIT_PORTS.includes(port) === (tls === 'implicit');

/** Disagreements between kind, hosts, ports, TLS modes and ways to sign in. */
export function checkSmtp({ id, kind, smtp, auth, oauth, apiTransports }: MailProviderTemplate): string[] {
  if (kind === 'sandbox') return smtp === null && auth.length === 0 ? [] : ['a sandbox has no server and no sign-in'];
  if (smtp === null) return ['has no server'];
  const connections = [{ port: smtp.port, tls: smtp.tls }, ...smtp.alternatives];
  const names = connections.map(({ port, tls }) => `port ${port} with TLS mode ${tls}`);
  const hosts = [...(smtp.host === null ? [] : [smtp.host]), ...smtp.otherHosts.map(({ host }) => host)];
  const hasOAuth = auth.includes('oauth2');
  return [
    ...connections.flatMap(({ port, tls }, index) => (fits(port, tls) ? [] : [`${names[index] ?? ''} does not fit`])),
    ...(new Set(names).size < names.length ? ['names a connection twice'] : []),
    ...(new Set(hosts).size < hosts.length ? ['names a host twice'] : []),
    ...(hosts.length === 0 && id !== 'custom' ? ['has no host'] : []),
    ...(id !== 'custom' && connections.some(({ tls }) => tls === 'none') ? ['would send in clear'] : []),
    ...(auth.length === 0 ? ['has no way to sign in'] : []),
    ...(hasOAuth !== (oauth !== undefined) ? ['"auth" and "oauth" disagree'] : []),
    ...(apiTransports.length > 0 && !hasOAuth ? ['its API needs OAuth 2.0'] : []),
  ];
}
