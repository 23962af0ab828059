export {
  EgressGuard,
  EgressRefusedError,
  type Admitted,
  type EgressConnectOptions,
  type Resolve,
  type ResolvedAddress,
} from './egress-guard.js';
export { NetModule } from './net.module.js';
export { isPublicAddress } from './special-addresses.js';
