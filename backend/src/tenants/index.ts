export { TenantRemoval, type TenantForgetter } from './tenant-removal.js';
export { Tenants } from './tenants.js';
export { TenantsModule } from './tenants.module.js';
