import { Component, computed, input, output, signal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import type { MailProviderTemplate } from '../../../core/api/models';
import { SearchField } from '../../../ui/search/search-field';
import { ProviderMark } from './provider-mark';

/** Groups of the picker, in its order. */
const GROUPS = ['mailbox', 'service', 'other'] as const;
type Group = (typeof GROUPS)[number];

const SERVICES: readonly string[] = [
  'amazon-ses',
  'sendgrid',
  'mailgun',
  'postmark',
  'mailjet',
  'brevo',
  'mailtrap',
  'resend',
  'sparkpost',
];

/** All providers to choose from, found by name, host or what they are called by. */
@Component({
  selector: 'sp-provider-picker',
  imports: [MatIcon, ProviderMark, SearchField, TranslocoPipe],
  templateUrl: './provider-picker.html',
  styleUrl: './provider-picker.scss',
})
export class ProviderPicker {
  readonly providers = input.required<readonly MailProviderTemplate[]>();
  readonly chosen = input<string | null>(null);
  readonly picked = output<MailProviderTemplate>();
  protected readonly search = signal('');
  protected readonly groups = computed(() => {
    const found = this.providers().filter((provider) => matches(provider, this.search()));
    return GROUPS.map((name) => ({ name, providers: found.filter((one) => groupOf(one) === name) })).filter(
      ({ providers }) => providers.length > 0,
    );
  });
}

function matches({ id, name, smtp }: MailProviderTemplate, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const hosts = [smtp?.host ?? '', ...(smtp?.otherHosts ?? []).map(({ host }) => host)];
  const text = [id, name, ...hosts, ...(ALIASES[id] ?? [])].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}

/** What people call a provider besides its name. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  'microsoft-365': ['office 365', 'exchange online', 'o365', 'outlook'],
  'outlook-com': ['hotmail', 'live.com', 'msn'],
  google: ['gmail', 'workspace', 'g suite', 'googlemail'],
  'amazon-ses': ['aws'],
  brevo: ['sendinblue'],
  icloud: ['apple', 'me.com'],
  custom: ['smtp', 'postfix', 'exim', 'exchange', 'relay'],
  sandbox: ['test', 'inbox'],
};

function groupOf({ id }: MailProviderTemplate): Group {
  if (id === 'custom' || id === 'sandbox') return 'other';
  return SERVICES.includes(id) ? 'service' : 'mailbox';
}
