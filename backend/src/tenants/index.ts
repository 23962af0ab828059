export { TenantRemoval, type LeftoverForgetter, type TenantForgetter } from './tenant-removal.js';
export { TenantSweep } from './tenant-sweep.js';
export { Tenants } from './tenants.js';
export { TenantsModule } from './tenants.module.js';
