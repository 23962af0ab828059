import type { MailTemplateText } from '@signalpost/contracts';
import Handlebars from 'handlebars';

import { COMMON_VARIABLES, type SystemMail } from './describe-system-mail.js';
import { BUILT_IN_HELPERS, HELPERS } from './helpers.js';

/** Why a text is refused. `line` and `column` count from 1. */
export interface TemplateProblem {
  readonly part: keyof MailTemplateText;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

interface Place {
  readonly line: number;
  readonly column: number;
}
type Found = Omit<TemplateProblem, 'part'>;

interface Words {
  readonly variables: ReadonlySet<string>;
  readonly used: Set<string>;
}

/** What can be seen without running it: syntax, unknown names, what a mail template may not do, what it must not leave out. */
export function checkTemplate(text: MailTemplateText, mail: SystemMail): TemplateProblem[] {
  const variables = new Set([...Object.keys(COMMON_VARIABLES.shape), ...Object.keys(mail.variables.shape)]);
  return (['subject', 'html', 'text'] as const).flatMap((part) => {
    const source = text[part];
    if (source === null) return [];
    const words = { variables, used: new Set<string>() };
    const problems = checkPart(source, words);
    const left =
      part === 'subject' || problems.length > 0 ? [] : mail.essential.filter((name) => !words.used.has(name));
    const missing = left.map((name) => ({
      message: `Without {{${name}}} the mail is of no use to its reader: name it.`,
    }));
    return [...problems, ...missing].map((problem) => ({ part, ...problem }));
  });
}

function checkPart(source: string, words: Words): Found[] {
  try {
    return Handlebars.parse(source).body.flatMap((statement) => checkStatement(statement, words));
  } catch (error) {
    return [syntaxProblem(error, source)];
  }
}

function checkStatement(statement: hbs.AST.Statement, words: Words): Found[] {
  switch (statement.type) {
    case 'ContentStatement':
    case 'CommentStatement':
      return [];
    case 'MustacheStatement':
      return checkMustache(statement as hbs.AST.MustacheStatement, words); // told apart by `type`
    case 'BlockStatement':
      return checkBlock(statement as hbs.AST.BlockStatement, words); // told apart by `type`
    default:
      return [at(statement, 'Partials and decorators are not known here: write the text itself.')];
  }
}

function checkMustache(mustache: hbs.AST.MustacheStatement, words: Words): Found[] {
  if (!mustache.escaped) return [at(mustache, 'Write {{…}} with two braces: three would put the value in unescaped.')];
  const name = nameOf(mustache.path);
  if (mustache.params.length > 0 && !(name in HELPERS))
    return [at(mustache, `"${name}" is no helper; there are: ${Object.keys(HELPERS).join(', ')}.`)];
  const values = name in HELPERS ? mustache.params : [mustache.path];
  if (name in HELPERS && mustache.params.length === 0)
    return [at(mustache, `Write ${HELPERS[name as keyof typeof HELPERS]}.`)]; // just looked up
  return values.flatMap((value) => checkValue(value, words));
}

function checkBlock(block: hbs.AST.BlockStatement, words: Words): Found[] {
  const name = nameOf(block.path);
  if (!BUILT_IN_HELPERS.some((known) => known === name))
    return [
      at(
        block,
        `{{#${name}}} is not known; there are: ${BUILT_IN_HELPERS.map((known) => `{{#${known}}}`).join(', ')}.`,
      ),
    ];
  if (block.params.length !== 1) return [at(block, `{{#${name}}} takes one variable.`)];
  const programs: (hbs.AST.Program | undefined)[] = [block.program, block.inverse]; // the types say that there is always an inverse
  return [
    ...block.params.flatMap((value) => checkValue(value, words)),
    ...programs.flatMap((program) => program?.body.flatMap((statement) => checkStatement(statement, words)) ?? []),
  ];
}

function checkValue(value: hbs.AST.Expression, { variables, used }: Words): Found[] {
  if (value.type === 'StringLiteral' || value.type === 'NumberLiteral') return [];
  const name = value.type === 'PathExpression' ? nameOf(value) : ''; // told apart by `type`
  used.add(name);
  if (variables.has(name)) return [];
  return [
    at(
      value,
      `There is no variable ${name === '' ? 'like this' : `"${name}"`}; there are: ${[...variables].join(', ')}.`,
    ),
  ];
}

const nameOf = (path: hbs.AST.PathExpression | hbs.AST.Literal): string => ('original' in path ? path.original : '');

const at = (node: hbs.AST.Node, message: string): Found => ({
  message,
  line: node.loc.start.line,
  column: node.loc.start.column + 1,
});

/** Handlebars tells the place in one of three ways. */
function syntaxProblem(error: unknown, source: string): Found {
  if (!(error instanceof Error)) return { message: 'This is no Handlebars template.' };
  const { lineNumber, column } = error as { lineNumber?: number; column?: number }; // on Handlebars' own exceptions
  const [, line] = /on line (\d+)/.exec(error.message) ?? [];
  const place =
    lineNumber === undefined
      ? placeOf(Number(line ?? 1), error.message, source)
      : { line: lineNumber, column: (column ?? 0) + 1 };
  const reason =
    error.message
      .split('\n')
      .at(-1)
      ?.replace(/ - \d+:\d+$/, '') ?? '';
  return { message: plainly(reason), ...place };
}

/** The caret stands below the place; what is above it is the end of what was read, without line breaks. */
function placeOf(line: number, message: string, source: string): Place {
  const [, excerpt = '', caret = ''] = message.split('\n');
  const read = excerpt.slice(0, caret.length - 1).replace(/^\.\.\./, '');
  const lines = source.split('\n');
  const before = lines.slice(0, line - 1).join('').length;
  const found = lines.join('').indexOf(read, Math.max(0, before - read.length));
  const column = found === -1 ? 1 : found + read.length - before + 1;
  return { line, column: Math.max(1, column) };
}

/** The parser speaks of tokens; people of braces. */
function plainly(reason: string): string {
  if (reason.includes("got 'EOF'"))
    return 'Something is opened and not closed before the end: {{#if …}} needs its {{/if}}.';
  if (reason.includes("got 'INVALID'"))
    return 'A character stands here that cannot stand between braces; is "}}" missing?';
  return reason.startsWith('Expecting')
    ? 'This cannot stand here: look for braces that do not fit together.'
    : `${reason}.`;
}
