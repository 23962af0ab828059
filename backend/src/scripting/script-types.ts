/** What a caller of the script pool gives and gets; the calls themselves are rule-nodes' `ScriptCall`. */

/**
 * How long one call may compute, in milliseconds of processor time.
 * `slow`: stopped at `softMs` and answered `{ ok: 'slow' }`; the caller runs it again where nobody waits for it.
 * `fail`: stopped at `hardMs` and answered with the failure `script-timeout`; runs on a worker of its own, so that it holds up
 * no call of the first kind.
 */
export interface ScriptLimits {
  readonly softMs: number;
  readonly hardMs: number;
  readonly onSoftLimit: 'slow' | 'fail';
}

/** Why a script does not compile. Lines and columns count from 1 in the script's own text. */
export interface ScriptProblem {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}
