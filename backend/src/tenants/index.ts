export { Tenants } from './tenants.js';
export { TenantsModule } from './tenants.module.js';
