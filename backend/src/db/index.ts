export { systemClock, type Clock } from './clock.js';
export { Database } from './database.js';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.js';
export { NewerSchemaError, openDatabase, type DatabaseOptions } from './open-database.js';
export type { PreparedSql, Queryable, Row, UnitOfWork } from './unit-of-work.js';
export { Instance, LIVE_INSTANCES_SQL } from './instance.js';
export { CLOCK, DbModule } from './db.module.js';
export { saveRow, type Change, type Saved } from './save-row.js';
