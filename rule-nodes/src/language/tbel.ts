/**
 * TBEL is ThingsBoard's script language, close to JavaScript. Scripts that are valid JavaScript run as such; this finds
 * what only TBEL understands, to say so in plain words before a JavaScript engine reports an odd syntax error.
 */
const ONLY_TBEL: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /\bforeach\s*\(/, what: 'foreach (…) is TBEL; JavaScript says for (const x of list).' },
  {
    pattern: /\bfor\s*\(\s*(?:(?:var|let|const)\s+)?\w+\s*:/,
    what: 'for (x : list) is TBEL; JavaScript says for (const x of list).',
  },
  { pattern: /\.\?\s*\w/, what: 'The null-safe .? is TBEL; JavaScript says ?. instead.' },
  { pattern: /\bnew\s+java\.|\bjava\.util\b/, what: 'Java classes are TBEL; use JavaScript objects and arrays.' },
  { pattern: /\bnil\b|\bisdef\b/, what: 'nil and isdef are TBEL; JavaScript has null and typeof.' },
  {
    pattern: /\b(?:strsim|soundslike|convertable_to|contains)\s+["'\w]/,
    what: 'Word operators such as contains are TBEL; JavaScript has methods such as includes(…).',
  },
  { pattern: /\bdef\s+\w+\s*\(/, what: 'def f(…) is TBEL; JavaScript says function f(…).' },
  { pattern: /\b\d+[LBIDF]\b/, what: 'Numbers with a type letter (1L) are TBEL; JavaScript has plain numbers.' },
  { pattern: /[=(,:]\s*\[\s*:\s*\]/, what: 'The empty map [:] is TBEL; JavaScript says {}.' },
];

const HELPERS = [
  'raiseError',
  'decodeToJson',
  'decodeToString',
  'stringToBytes',
  'hexToBytes',
  'base64ToBytes',
  'bytesToHex',
  'bytesToBase64',
  'parseHexToInt',
  'parseBytesToInt',
  'parseBytesToFloat',
  'parseLittleEndianHexToInt',
  'parseBigEndianHexToInt',
  'toFlatMap',
];

/** What in a script only TBEL understands, one sentence each; empty where it may be JavaScript. */
export function tbelOnlySyntax(source: string): string[] {
  const code = withoutTextsAndComments(source);
  const syntax = ONLY_TBEL.filter(({ pattern }) => pattern.test(code)).map(({ what }) => what);
  const helpers = HELPERS.filter((name) => calls(code, name) && !defines(code, name));
  return [
    ...syntax,
    ...helpers.map((name) => `${name}(…) is a helper function of ThingsBoard's TBEL that does not exist here.`),
  ];
}

const calls = (code: string, name: string): boolean => new RegExp(`(?<![.\\w])${name}\\s*\\(`).test(code);
const defines = (code: string, name: string): boolean =>
  new RegExp(`\\bfunction\\s+${name}\\s*\\(|\\b${name}\\s*=[^=]`).test(code);

/** Patterns must not be found in what a script says or notes. Quotes remain, so that `contains "x"` is still seen. */
function withoutTextsAndComments(source: string): string {
  const tokens = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g;
  return source.replace(tokens, (token) => (token.startsWith('/') ? ' ' : "''"));
}
