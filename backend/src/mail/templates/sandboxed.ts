import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import type { MailTemplateText } from '@signalpost/contracts';
import Handlebars from 'handlebars';
import { z } from 'zod';

import type { ScriptPool } from '../../scripting/index.js';
import { registerHelpers } from './helpers.js';
import { KNOWN_HELPERS, type FilledParts, type TemplateContext } from './render.js';

/** Computing time of one mail; ours take less than a millisecond. */
const LIMITS = { softMs: 500, hardMs: 500, onSoftLimit: 'fail' } as const;
/** Of one part of a mail, in characters. */
const MAX_OUTPUT = 100_000;

const runtime = readFileSync(
  createRequire(import.meta.url).resolve('handlebars/dist/handlebars.runtime.min.js'),
  'utf8',
);
const filledSchema = z.object({ subject: z.string(), html: z.string(), text: z.string().nullable() });

export type Filled =
  | { readonly ok: true; readonly parts: FilledParts }
  /** `lasting`: the text itself is at fault, and will be the next time. */
  | { readonly ok: false; readonly reason: string; readonly lasting: boolean };

/** Fills in what somebody wrote. The text runs where tenants' scripts run: no files, no network, bounded time and memory. */
export class SandboxedTemplates {
  constructor(private readonly scripts: Pick<ScriptPool, 'run'>) {}

  async fill(tenantId: string, text: MailTemplateText, context: TemplateContext): Promise<Filled> {
    let source: string;
    try {
      source = scriptOf(text);
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : 'It cannot be compiled.', lasting: true };
    }
    const call = { messageId: '', source, language: 'JS', msg: context, metadata: {}, msgType: '' } as const;
    const [result] = await this.scripts.run(tenantId, [call], LIMITS);
    if (result?.ok !== true) return failed(result);
    const filled = filledSchema.safeParse(result.value);
    if (!filled.success) return { ok: false, reason: 'It gives no text.', lasting: true };
    const long = Object.values(filled.data).some((part) => (part?.length ?? 0) > MAX_OUTPUT);
    return long
      ? { ok: false, reason: `It gives more than ${MAX_OUTPUT} characters.`, lasting: true }
      : { ok: true, parts: filled.data };
  }
}

/** Where the sandbox speaks of scripts, said of texts. */
const REASONS: Readonly<Record<string, string>> = {
  'script-timeout': 'It takes too long to fill in: leave loops out.',
};

type ScriptResults = Awaited<ReturnType<ScriptPool['run']>>;

function failed(result: ScriptResults[number] | undefined): Filled {
  if (result?.ok !== false) return { ok: false, reason: 'It took too long.', lasting: true };
  const { code, message, retryable } = result.failure;
  return { ok: false, reason: REASONS[code] ?? message, lasting: !retryable };
}

/** A function body: Handlebars' runtime, our helpers, and the three parts as Handlebars compiled them. */
function scriptOf({ subject, html, text }: MailTemplateText): string {
  const parts = `{ subject: ${compile(subject, false)}, html: ${compile(html, true)}, text: ${text === null ? 'null' : compile(text, false)} }`;
  return `var module = { exports: {} }, exports = module.exports;
${runtime}
var Handlebars = module.exports;
(${registerHelpers.toString()})(Handlebars);
var parts = ${parts}, filled = {};
Object.keys(parts).forEach(function (name) { filled[name] = parts[name] === null ? null : Handlebars.template(parts[name])(msg); });
return filled;`;
}

const compile = (source: string, escape: boolean): string =>
  Handlebars.precompile(source, {
    knownHelpers: KNOWN_HELPERS,
    knownHelpersOnly: true,
    noEscape: !escape,
  }) as unknown as string; // JavaScript text, whatever its type says
