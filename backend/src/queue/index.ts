export { type Next, QueueClaims } from './claim.js';
export { DEAD_LETTER_LIST, type DeadLetter, type DeadLetterRow, DeadLetters } from './dead-letters.js';
export { FencedError } from './fenced-error.js';
export { forgetQueuedMessages } from './forget-tenant.js';
export { ALL_PARTITIONS, PARTITIONS, partitionSql, SLOW_PARTITION } from './partitions.js';
export { park, type Parked, unpark } from './parked-messages.js';
export { PgQueue } from './pg-queue.js';
export {
  type Batch,
  type ClaimedEntry,
  type PartitionClaim,
  type Queue,
  QUEUE,
  type QueueEntry,
  type Resume,
  type RunningEntry,
  type Verdict,
} from './queue-types.js';
export { QueueModule } from './queue.module.js';
export { Recovery } from './recovery.js';
export { Settlement } from './settle.js';
export { type StraightEnd, type StraightRunner, StraightWay } from './straight-way.js';
export { WakeUp } from './wake-up.js';
