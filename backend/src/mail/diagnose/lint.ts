import type { LintFinding, MailProviderTemplate } from '@signalpost/contracts';

import { MAIL_PROVIDERS } from '../providers/catalogue.js';
import { CONNECTION_RULES } from './lint/connection-rules.js';
import type { LintRule, LintSettings } from './lint/lint-rule.js';
import { OAUTH_RULES } from './lint/oauth-rules.js';
import { TEXT_RULES } from './lint/text-rules.js';
import { templateOf } from './template-of.js';

export const LINT_RULES: readonly LintRule[] = [...TEXT_RULES, ...CONNECTION_RULES, ...OAUTH_RULES];

/** Common mistakes in settings, found without dialling; the worst first. Never holds the value of a secret. */
export function lint(
  settings: LintSettings,
  templates: readonly MailProviderTemplate[] = MAIL_PROVIDERS,
): LintFinding[] {
  const context = { settings, auth: settings.auth ?? {}, template: templateOf(settings, templates), templates };
  const findings = LINT_RULES.flatMap(({ code, severity, find }) =>
    find(context).map((found) => ({ code, severity, ...found })),
  );
  return [
    ...findings.filter(({ severity }) => severity === 'error'),
    ...findings.filter(({ severity }) => severity !== 'error'),
  ];
}
