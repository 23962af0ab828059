import type { Json, ScriptCall, ScriptLanguage, ScriptResult } from '@signalpost/rule-nodes/runtime';

import type { ScriptLimits } from './script-types.js';

/** Limits that a test waits for, so they are short. */
export const SLOW_LATER: ScriptLimits = { softMs: 50, hardMs: 150, onSoftLimit: 'slow' };
export const TO_THE_END: ScriptLimits = { ...SLOW_LATER, onSoftLimit: 'fail' };

export const TENANT = 'tenant-a';
export const OTHER_TENANT = 'tenant-b';

export const ENDLESS = 'while (true) {}';
/** Native code that does not look at the clock. */
export const UNSTOPPABLE =
  'var s = "a".repeat(3000000); for (var i = 0; i < 50; i++) s.replaceAll("a", "b"); return 1;';

interface Given {
  readonly msg?: Json;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly language?: ScriptLanguage;
}
export const call = (source: string, { msg = {}, metadata = {}, language = 'JS' }: Given = {}): ScriptCall => ({
  messageId: '00000000-0000-7000-8000-000000000001',
  source,
  language,
  msg,
  metadata,
  msgType: 'POST_TELEMETRY_REQUEST',
});

/** The value, `slow`, or the code of the failure. */
export const outcome = (result: ScriptResult | undefined): unknown =>
  result?.ok === true ? result.value : result?.ok === false ? result.failure.code : result?.ok;

export const sentence = (result: ScriptResult | undefined): string | undefined =>
  result?.ok === false ? result.failure.message : undefined;
