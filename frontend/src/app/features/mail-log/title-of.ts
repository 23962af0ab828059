import type { DeliverySummary } from '../../core/api/models';

/** Key of what a mail is called where it has no subject to show: a mail of the system keeps none, as it may hold a code. */
export function titleKey({ template, subject }: Pick<DeliverySummary, 'template' | 'subject'>): string {
  if (template) return 'mailTemplates.title.' + template;
  return subject ? '' : 'mailLog.noSubject';
}
