import { labelOfMessageType } from '../../../language/message-types.js';
import { implementPure } from '../../../node/implement-node.js';
import { emit } from '../../../node/outcome.js';
import { messageTypeSwitchNode } from './message-type-switch.descriptor.js';

export const messageTypeSwitchRun = implementPure(
  messageTypeSwitchNode,
  () => (message) => emit(labelOfMessageType(message.type), message),
);
