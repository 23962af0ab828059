import { Component, computed, inject, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { listMailTemplates } from '../../core/api/functions';
import type { MailTemplateState, SystemMailId } from '../../core/api/models';
import { live } from '../../core/events/live';
import { asProblem } from '../../core/http/api-problem';
import { Page } from '../../ui/page/page';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { Tag } from '../../ui/status/tag';

interface Mail {
  readonly id: SystemMailId;
  readonly languages: readonly MailTemplateState[];
}

/** Whom a mail goes to: people about their own accounts, or administrators about the system. */
const OF_ACCOUNTS: readonly SystemMailId[] = [
  'activation',
  'account-activated',
  'password-reset',
  'password-changed',
  'address-confirmation',
  'address-changed',
  'account-locked',
  'new-sign-in',
  'two-factor-enabled',
  'two-factor-disabled',
  'two-factor-removed',
  'recovery-codes-renewed',
  'sign-in-code',
];

/** Every mail that the system sends by itself, with whose words are sent in each language. */
@Component({
  selector: 'sp-mail-templates-page',
  imports: [MatButton, MatIcon, Page, ProblemState, RouterLink, Skeleton, Tag, TranslocoPipe],
  templateUrl: './mail-templates-page.html',
  styleUrl: './mail-templates-page.scss',
})
export class MailTemplatesPage {
  private readonly api = inject(Api);
  protected readonly source = resource({ loader: () => this.api.invoke(listMailTemplates) });
  protected readonly failed = computed(() => (this.source.error() ? asProblem(this.source.error()) : null));
  protected readonly groups = computed(() => {
    const mails = this.mails();
    return [
      { name: 'accounts', mails: mails.filter(({ id }) => OF_ACCOUNTS.includes(id)) },
      { name: 'system', mails: mails.filter(({ id }) => !OF_ACCOUNTS.includes(id)) },
    ];
  });

  constructor() {
    live('notices', this.source);
  }

  private mails(): readonly Mail[] {
    const items = this.source.hasValue() ? this.source.value().items : [];
    return [...Map.groupBy(items, ({ id }) => id)].map(([id, languages]) => ({ id, languages }));
  }
}
