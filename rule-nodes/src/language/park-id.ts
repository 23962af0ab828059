import { deriveId } from './derive-id.js';

/** Under which a message that waits at a node is stored; the same when the message is run again. */
export const parkIdOf = (messageId: string, nodeId: string): string => deriveId(messageId, nodeId, 'park', 0);
