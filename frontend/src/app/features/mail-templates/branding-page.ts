import { Component, computed, effect, inject, linkedSignal, resource, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { RouterLink } from '@angular/router';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import {
  getBranding,
  previewMailTemplate,
  getMailTemplate,
  resetBranding,
  saveBranding,
} from '../../core/api/functions';
import type { Branding, BrandingInput, MailPreview } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Language } from '../../core/i18n/language';
import { Confirm } from '../../ui/dialog/confirm';
import { FileDrop } from '../../ui/drop/file-drop';
import { FieldFrame } from '../../ui/field/field';
import { Page } from '../../ui/page/page';
import { ProblemState } from '../../ui/state/problem-state';
import { Skeleton } from '../../ui/state/skeleton';
import { Toasts } from '../../ui/toast/toasts';
import { base64Of } from './base64-of';
import { MailPreviewPanel } from './mail-preview';

type Logo = NonNullable<BrandingInput['logo']>;
type Colour = 'accent' | 'header';
const COLOURS: readonly Colour[] = ['accent', 'header'];

interface Draft {
  readonly productName: string;
  readonly accent: string;
  readonly header: string;
}

/** Name, colours and logo of the system's mails, with a mail that has them. */
@Component({
  selector: 'sp-branding-page',
  imports: [
    FieldFrame,
    FileDrop,
    MailPreviewPanel,
    MatButton,
    MatIcon,
    Page,
    ProblemState,
    RouterLink,
    Skeleton,
    TranslocoPipe,
  ],
  templateUrl: './branding-page.html',
  styleUrl: './branding-page.scss',
  host: { '(window:beforeunload)': 'warn($event)' },
})
export class BrandingPage {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly language = inject(Language);
  protected readonly colours = COLOURS;
  protected readonly source = resource({ loader: () => this.api.invoke(getBranding) });
  protected readonly failed = computed(() => (this.source.error() ? asProblem(this.source.error()) : null));
  protected readonly branding = computed(() => (this.source.hasValue() ? this.source.value() : null));
  protected readonly draft = linkedSignal<Draft>(() => draftOf(this.branding()));
  protected readonly logo = linkedSignal<Branding | null, Logo>({
    source: this.branding,
    computation: () => ({ change: 'keep' }),
  });
  /** As it would be; null: none. */
  protected readonly picture = computed(() => {
    const logo = this.logo();
    if (logo.change === 'set') return `data:image/png;base64,${logo.base64}`;
    return logo.change === 'clear' ? null : (this.branding()?.effective.logo?.dataUri ?? null);
  });
  protected readonly dirty = computed(
    () => this.logo().change !== 'keep' || JSON.stringify(this.draft()) !== JSON.stringify(draftOf(this.branding())),
  );
  protected readonly hasOwn = computed(() => (this.branding()?.revision ?? 0) > 0);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly saving = signal(false);
  protected readonly preview = signal<MailPreview | null>(null);

  constructor() {
    effect(() => {
      if (this.branding() !== null) void this.look();
    });
  }

  async mayLeave(): Promise<boolean> {
    return !this.dirty() || (await this.ask('leave'));
  }

  protected warn(event: BeforeUnloadEvent): void {
    if (this.dirty()) event.preventDefault();
  }

  protected change(change: Partial<Draft>): void {
    this.draft.update((draft) => ({ ...draft, ...change }));
  }

  protected tint(colour: Colour, value: string): void {
    this.change(colour === 'accent' ? { accent: value } : { header: value });
  }

  protected errorOf(field: string): string {
    return this.problem()?.facts.errors.find(({ pointer }) => pointer === '/' + field)?.message ?? '';
  }

  protected async take(file: File): Promise<void> {
    this.logo.set({ change: 'set', base64: await base64Of(file) });
  }

  protected async save(): Promise<void> {
    const { productName, accent, header } = this.draft();
    const body = { productName: productName.trim() || null, accent: accent || null, header: header || null };
    this.saving.set(true);
    this.problem.set(null);
    try {
      const revision = this.branding()?.revision ?? 0;
      this.source.set(await this.api.invoke(saveBranding, { body: { ...body, logo: this.logo(), revision } }));
      this.toasts.done(this.transloco.translate('branding.saved'));
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.saving.set(false);
    }
  }

  protected async reset(): Promise<void> {
    if (!(await this.ask('reset'))) return;
    const deed = () => this.api.invoke(resetBranding);
    if (await this.toasts.attempt(deed, this.transloco.translate('branding.wasReset'))) this.source.reload();
  }

  private async look(): Promise<void> {
    const key = { id: 'activation', language: this.language.current === 'de' ? 'de' : 'en' } as const;
    const { text } = await this.api.invoke(getMailTemplate, key);
    this.preview.set(await this.api.invoke(previewMailTemplate, { ...key, body: text }));
  }

  private ask(what: 'leave' | 'reset'): Promise<boolean> {
    const text = (part: string): string => this.transloco.translate(`branding.${what}.${part}`);
    return this.confirm.ask({ title: text('title'), text: text('text'), action: text('action') });
  }
}

function draftOf(branding: Branding | null): Draft {
  const { productName, accent, header } = branding?.own ?? { productName: null, accent: null, header: null };
  return { productName: productName ?? '', accent: accent ?? '', header: header ?? '' };
}
