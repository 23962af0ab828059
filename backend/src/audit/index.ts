export { Audit, type AuditRecord } from './audit.js';
export { AuditModule } from './audit.module.js';
export { changedFields } from './changed-fields.js';
