export { AttributeBatch } from './attribute-batch.js';
export { TimeseriesBatch } from './timeseries-batch.js';
