export type { Queue, QueueEntry, Resume } from './queue-types.js';
