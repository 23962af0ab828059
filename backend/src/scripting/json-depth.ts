const code = (character: string): number => character.charCodeAt(0);
const [QUOTE, BACKSLASH] = [code('"'), code('\\')];
const [ARRAY, END_ARRAY, OBJECT, END_OBJECT] = [code('['), code(']'), code('{'), code('}')];

/** Whether JSON text nests arrays and objects more than `limit` levels deep: whoever writes it again needs stack for each level. */
export function isDeeperThan(limit: number, json: string): boolean {
  // Each level has two brackets.
  if (json.length <= 2 * limit) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at);
    if (unit === QUOTE) inString = !inString;
    else if (inString) at += unit === BACKSLASH ? 1 : 0;
    else if (unit === ARRAY || unit === OBJECT) depth++;
    else if (unit === END_ARRAY || unit === END_OBJECT) depth--;
    if (depth > limit) return true;
  }
  return false;
}
