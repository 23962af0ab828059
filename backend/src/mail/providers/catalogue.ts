/** All provider templates, ready to be shown and used; loading it fails where entries disagree. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  API_TRANSPORTS,
  MAIL_PROVIDER_IDS,
  type MailProviderId,
  type MailProviderTemplate,
  mailProviderTemplateSchema,
} from '@signalpost/contracts';

import { ALL_PROVIDERS } from './all-providers.js';
import { checkGuide, linksOf } from './check-guide.js';
import { checkOAuth } from './check-oauth.js';
import { checkSmtp } from './check-smtp.js';
import { type ProviderDescription, providerDescriptionSchema } from './describe-provider.js';

/** The text of a provider's guide; null: there is none. */
type ReadGuide = (id: string) => string | null;

/** @throws with every disagreement, a line each */
export function loadCatalogue(descriptions: readonly unknown[], readGuide: ReadGuide): readonly MailProviderTemplate[] {
  const problems: string[] = [];
  const templates = descriptions.flatMap((description) => {
    const made = makeTemplate(description, readGuide);
    problems.push(...made.problems);
    return made.template === undefined ? [] : [made.template];
  });
  problems.push(...checkIds(templates, problems.length === 0));
  if (problems.length > 0) throw new Error(`The mail providers cannot be loaded:\n${problems.join('\n')}`);
  return templates.sort((a, b) => MAIL_PROVIDER_IDS.indexOf(a.id) - MAIL_PROVIDER_IDS.indexOf(b.id));
}

interface Made {
  readonly template?: MailProviderTemplate;
  readonly problems: readonly string[];
}

function makeTemplate(description: unknown, readGuide: ReadGuide): Made {
  const parsed = providerDescriptionSchema.safeParse(description);
  if (!parsed.success) return { problems: issuesOf(description, parsed.error.issues) };
  const guide = readGuide(parsed.data.id);
  if (guide === null) return { problems: [`${parsed.data.id}: has no guide.md beside its data`] };
  const whole = mailProviderTemplateSchema.safeParse(complete(parsed.data, guide));
  if (!whole.success) return { problems: issuesOf(description, whole.error.issues) };
  const problems = [checkSmtp, checkOAuth, checkGuide].flatMap((check) => check(whole.data));
  return { template: whole.data, problems: problems.map((problem) => `${whole.data.id}: ${problem}`) };
}

const complete = (description: ProviderDescription, guide: string): MailProviderTemplate => ({
  ...description,
  apiTransports: API_TRANSPORTS.filter((transport) => description.apiUrls[transport] !== undefined),
  guide,
  links: linksOf(guide),
});

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function issuesOf(description: unknown, issues: readonly Issue[]): string[] {
  const id = typeof description === 'object' && description !== null && 'id' in description ? description.id : '?';
  return issues.map(({ path, message }) => `${String(id)}: ${path.join('.')}: ${message}`);
}

/** Whether all are there is only worth a word where none was left out for another reason. */
function checkIds(templates: readonly MailProviderTemplate[], isWhole: boolean): string[] {
  const ids = templates.map(({ id }) => id);
  const missing = isWhole ? MAIL_PROVIDER_IDS.filter((id) => !ids.includes(id)) : [];
  return [
    ...doubles(ids).map((id) => `${id}: is there twice`),
    ...doubles(templates.map(({ name }) => name)).map((name) => `${name}: two providers have this name`),
    ...missing.map((id) => `${id}: is not in the catalogue`),
  ];
}

const doubles = (all: readonly string[]): string[] => [
  ...new Set(all.filter((one, index) => all.indexOf(one) !== index)),
];

/** Guides lie beside the data, in the sources and (copied by the build) in what is built of them. */
function readGuideFile(id: string): string | null {
  const file = join(import.meta.dirname, id, 'guide.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** In the order of the picker. */
export const MAIL_PROVIDERS = loadCatalogue(ALL_PROVIDERS, readGuideFile);

const byId = new Map(MAIL_PROVIDERS.map((template) => [template.id, template]));

/** The template of a provider; the catalogue has one for every id. */
export function mailProvider(id: MailProviderId): MailProviderTemplate {
  const template = byId.get(id);
  if (template === undefined) throw new Error(`There is no mail provider "${id}".`);
  return template;
}
