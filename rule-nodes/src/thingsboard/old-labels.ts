/** Outputs that old exports know by other names. */
import { MESSAGE_TYPE_LABELS } from '../language/message-types.js';

const RENAMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'filter/message-type-switch': { 'rpc request': MESSAGE_TYPE_LABELS.TO_SERVER_RPC_REQUEST },
};

/** The label that the output has today. */
export const currentLabel = (nodeType: string, label: string): string =>
  RENAMED[nodeType]?.[label.toLowerCase()] ?? label;
