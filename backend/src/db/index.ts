export { systemClock, type Clock } from './clock.js';
export { Database } from './database.js';
export { NewerSchemaError, openDatabase, type DatabaseOptions } from './open-database.js';
export type { Queryable, Row, UnitOfWork } from './unit-of-work.js';
