/** Every failure of a script: one table of codes and sentences. */
import type { NodeFailure, ScriptLanguage } from '@signalpost/rule-nodes/runtime';

import type { ScriptProblem } from './script-types.ts';

const MIB = 1 << 20;
const failure = (code: string, message: string, retryable = false): NodeFailure => ({ code, message, retryable });
const atLine = (line: number | null): string => (line === null ? '' : ` at line ${line}`);
/** An engine's message becomes part of a sentence of ours. */
const clause = (text: string): string => text.replace(/[.\s]+$/u, '');

export const syntaxSentence = (problem: ScriptProblem, language: ScriptLanguage): string =>
  language === 'TBEL'
    ? `This script is TBEL and uses syntax that JavaScript does not know${atLine(problem.line)}: ${clause(problem.message)}. Rewrite that part as JavaScript, which runs here.`
    : `The script does not compile${atLine(problem.line)}: ${clause(problem.message)}. Correct the script in this node.`;

export const syntaxFailure = (problem: ScriptProblem, language: ScriptLanguage): NodeFailure =>
  failure('script-syntax', syntaxSentence(problem, language));

export const thrownFailure = (message: string, line: number | null, language: ScriptLanguage): NodeFailure =>
  failure(
    'script-error',
    `The script failed${atLine(line)}: ${clause(message)}. Correct the script, or check that the message holds what it reads.` +
      (language === 'TBEL'
        ? ' It is a TBEL script run as JavaScript: functions that only TBEL has do not exist here.'
        : ''),
  );

export const timeoutFailure = (hardMs: number): NodeFailure =>
  failure(
    'script-timeout',
    `The script was stopped after ${hardMs} ms. Look for a loop that does not end, or let it do less for each message.`,
  );

export const memoryFailure = (limitBytes: number): NodeFailure =>
  failure(
    'script-memory',
    `The script needed more than the ${limitBytes / MIB} MiB of memory it may use. Let it build smaller arrays, strings or objects.`,
  );

export const resultFailure = (what: string): NodeFailure =>
  failure(
    'script-result',
    `The script returned ${what}. Return a plain value that JSON can hold: an object, an array, text, a number or a boolean.`,
  );

export const tooLargeFailure = (characters: number, limit: number): NodeFailure =>
  failure(
    'script-result-too-large',
    `The script returned ${characters} characters of JSON; ${limit} are allowed. Return only what later nodes need.`,
  );

export const tooDeepFailure = (): NodeFailure =>
  failure(
    'script-input',
    'The message is nested too deeply to be handed to a script. Let the device send a flatter message.',
  );

export const tooLongFailure = (characters: number, limit: number): NodeFailure =>
  failure(
    'script-too-long',
    `The script has ${characters} characters; ${limit} are allowed. Split it over several nodes.`,
  );

export const crashedFailure = (): NodeFailure =>
  failure(
    'script-crashed',
    'The script brought its sandbox down, so it was stopped. Simplify the script; if it is simple, report it as a fault of this product.',
  );

export const blockedFailure = (seconds: number): NodeFailure =>
  failure(
    'script-blocked',
    `The script could not be stopped several times within a minute and is not run for the next ${seconds} seconds. Look for a slow call on large text or a loop that does not end.`,
  );

export const queueFullFailure = (): NodeFailure =>
  failure(
    'script-queue-full',
    'Too many scripts of this tenant wait to be run. It is tried again; if this stays, make the scripts faster or send less.',
    true,
  );

export const unavailableFailure = (reason: string): NodeFailure =>
  failure(
    'script-unavailable',
    `Scripts cannot be run just now: ${clause(reason)}. It is tried again; if this stays, look at the log of the server.`,
    true,
  );
