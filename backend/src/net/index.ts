export {
  EgressGuard,
  endpointOf,
  EgressRefusedError,
  type Admitted,
  type EgressConnectOptions,
  type Resolve,
  type ResolvedAddress,
} from './egress-guard.js';
export {
  FetchError,
  GuardedFetch,
  type Dialer,
  type FetchOptions,
  type GuardedFetchDefaults,
} from './guarded-fetch.js';
export { NetModule } from './net.module.js';
export { ProxyDialer, ProxyError, type ProxySettings } from './proxy-dialer.js';
export { isPublicAddress } from './special-addresses.js';
