import { Component, computed, inject, input, signal } from '@angular/core';
import { DomSanitizer } from '@angular/platform-browser';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { MailPreview } from '../../core/api/models';
import { Choice } from '../../ui/choice/choice';
import { framed, LOOKS, type Look } from './framed';

/** A mail as it will look: light, dark, on a phone, with pictures off, as text. */
@Component({
  selector: 'sp-mail-preview',
  imports: [Choice, TranslocoPipe],
  template: `
    <sp-choice [options]="looks" [(value)]="look" [label]="'mailTemplates.preview.label' | transloco" />
    <dl>
      <dt>{{ 'mailTemplates.subject' | transloco }}</dt>
      <dd>{{ mail().subject }}</dd>
    </dl>
    @if (look() === 'text') {
      <pre [attr.aria-label]="'mailTemplates.look.text' | transloco" tabindex="0">{{ mail().text }}</pre>
    } @else {
      <div class="paper" [class.dark]="look() === 'dark'" [class.phone]="look() === 'phone'">
        <iframe
          sandbox=""
          referrerpolicy="no-referrer"
          [title]="'mailTemplates.preview.frame' | transloco"
          [srcdoc]="document()"
        ></iframe>
      </div>
    }
  `,
  styleUrl: './mail-preview.scss',
})
export class MailPreviewPanel {
  readonly mail = input.required<MailPreview>();
  private readonly sanitizer = inject(DomSanitizer);
  private readonly transloco = inject(TranslocoService);
  protected readonly look = signal<Look>('light');
  protected readonly looks = LOOKS.map((value) => ({
    value,
    label: this.transloco.translate('mailTemplates.look.' + value),
  }));
  /** Trusted only because the sandbox and the policy hold it: Angular's own sanitiser would take the mail's styles away. */
  protected readonly document = computed(() =>
    this.sanitizer.bypassSecurityTrustHtml(framed(this.mail().html, this.look())),
  );
}
