import { implementPure } from '../../../node/implement-node.js';
import { success } from '../../../node/outcome.js';
import { deviceProfileNode } from './device-profile.descriptor.js';

export const deviceProfileRun = implementPure(deviceProfileNode, () => success);
