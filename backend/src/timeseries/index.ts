export { attributesUpdated } from './attribute-events.js';
export { AttributeNews, type SharedAttributes } from './attribute-news.js';
export { AttributeBatch } from './attribute-batch.js';
export { TimeseriesBatch } from './timeseries-batch.js';
export { TimeseriesModule } from './timeseries.module.js';
