import { Component, computed, inject, input, resource } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { MailProviderTemplate } from '../../../core/api/models';
import { MarkdownView } from '../../../ui/markdown/markdown-view';
import { at } from '../../../ui/schema-form/json-value';
import { Api } from '../../../core/api/api';
import { getMailServerOAuth } from '../../../core/api/functions';
import { MailServersStore } from '../mail-servers-store';
import { filledGuide } from '../providers/guide-text';
import { EditorStore } from './editor-store';

/** The provider's setup guide, with the person's own values in it. */
@Component({
  selector: 'sp-guide-panel',
  imports: [MarkdownView, TranslocoPipe],
  template: `
    <h3>{{ 'mailServers.guide' | transloco: { name: template().name } }}</h3>
    <sp-markdown [text]="text()" [level]="3" />
    <p class="sp-soft">{{ 'mailServers.checked' | transloco: { day: day() } }}</p>
  `,
  styles: `
    :host {
      display: flex;
      flex-direction: column;
      gap: 14px;
    }
    h3 {
      font-size: 1rem;
      font-weight: 650;
    }
    p {
      font-size: 0.75rem;
    }
  `,
})
export class GuidePanel {
  readonly template = input.required<MailProviderTemplate>();
  private readonly api = inject(Api);
  private readonly store = inject(EditorStore);
  private readonly page = inject(MailServersStore);
  private readonly locale = inject(TranslocoService).getActiveLang();
  private readonly grant = resource({
    params: () => {
      const saved = this.store.saved();
      return saved && at(saved.settings, ['auth', 'kind']) === 'oauth2' ? { id: saved.id } : undefined;
    },
    loader: ({ params }) => this.api.invoke(getMailServerOAuth, params),
  });
  protected readonly text = computed(() => filledGuide(this.template().guide, this.facts()));
  protected readonly day = computed(() =>
    new Intl.DateTimeFormat(this.locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
      Date.parse(this.template().checked),
    ),
  );
  private readonly facts = computed(() => {
    const settings = this.store.settings();
    const application = this.application(at(settings, ['auth', 'applicationId']));
    return {
      mailbox: word(at(settings, ['auth', 'sharedMailbox'])) || word(at(settings, ['auth', 'username'])),
      clientId: application?.clientId ?? '',
      directoryId: application?.directoryId ?? '',
      // The server knows its public address best; without a grant the page's own is what people use.
      redirectUri: this.grant.hasValue()
        ? this.grant.value().redirect.redirectUri
        : location.origin + '/api/mail/oauth/callback',
    };
  });

  private application(id: unknown) {
    const known = this.page.applications.hasValue() ? this.page.applications.value().items : [];
    return known.find((one) => one.id === id);
  }
}

const word = (value: unknown): string => (typeof value === 'string' ? value : '');
