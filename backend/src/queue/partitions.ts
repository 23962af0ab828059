/**
 * How originators are spread: all messages of one originator are in one partition, which is what keeps their order.
 * A power of two, and not to be changed while messages wait.
 */
export const PARTITIONS = 8;

/** The lane of messages whose scripts were over their soft limit; apart from the others, so that none waits for it. */
export const SLOW_PARTITION = 100;

export const ALL_PARTITIONS: readonly number[] = [...Array(PARTITIONS).keys(), SLOW_PARTITION];

/** The partition of an originator, in SQL, because ingest learns the originator there. */
export const partitionSql = (originatorId: string): string =>
  `(uuid_hash(${originatorId}) & ${PARTITIONS - 1})::smallint`;
