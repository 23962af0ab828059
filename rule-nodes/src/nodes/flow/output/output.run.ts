import { implementPure } from '../../../node/implement-node.js';
import { outputNode } from './output.descriptor.js';

export const outputRun = implementPure(outputNode, (_config, { nodeName }) => {
  return () => ({ kind: 'leave', label: nodeName });
});
