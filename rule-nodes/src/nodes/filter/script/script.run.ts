import { implementBatch } from '../../../node/implement-node.js';
import { emit } from '../../../node/outcome.js';
import { chooseScript, runScript, wrongResult } from '../../../node/script.js';
import { scriptFilterNode } from './script.descriptor.js';

export const scriptFilterRun = implementBatch(scriptFilterNode, ({ scriptLang, jsScript, tbelScript }) => {
  const script = chooseScript(scriptLang, jsScript, tbelScript);
  return (messages, { scripts }) =>
    runScript(scripts, script, messages, (passes, message) =>
      typeof passes === 'boolean' ? emit(passes ? 'True' : 'False', message) : wrongResult(message, passes),
    );
});
