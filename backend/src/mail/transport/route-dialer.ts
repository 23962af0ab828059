import { ProxyDialer, type Dialer, type EgressGuard } from '../../net/index.js';
import type { RouteConnector } from '../servers/route-connector.js';

/** The way of a server: directly past the egress guard, or through its connector. */
export const dialerOf = (connector: RouteConnector, egress: EgressGuard): Dialer & Pick<EgressGuard, 'admit'> =>
  connector.kind === 'direct' ? egress : new ProxyDialer(connector, egress);
