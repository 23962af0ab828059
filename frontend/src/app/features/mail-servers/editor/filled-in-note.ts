import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { MailProviderTemplate } from '../../../core/api/models';
import { resolved } from '../../../ui/schema-form/json-schema';
import { FormTexts } from '../../../ui/schema-form/form-texts';
import { EditorStore, type FilledIn } from './editor-store';

/** Tells what choosing a provider changed, with the way back. */
@Component({
  selector: 'sp-filled-in-note',
  imports: [MatButton, MatIcon, TranslocoPipe],
  template: `
    <mat-icon svgIcon="check-circle-fill" aria-hidden="true" />
    <div class="words">
      <p class="title">{{ 'mailServers.filledIn' | transloco: { name: template().name } }}</p>
      <ul>
        @for (change of rows(); track change.name) {
          <li>
            <span>{{ change.label }}</span> <strong>{{ change.after }}</strong>
            @if (change.before) {
              <s>{{ change.before }}</s>
            }
          </li>
        }
      </ul>
    </div>
    <div class="ways">
      <button matButton type="button" (click)="undone.emit()">
        <mat-icon svgIcon="undo" />{{ 'mailServers.undo' | transloco }}
      </button>
      <button matButton type="button" (click)="closed.emit()">{{ 'ui.dismiss' | transloco }}</button>
    </div>
  `,
  styleUrl: './filled-in-note.scss',
  host: { role: 'status' },
})
export class FilledInNote {
  readonly filled = input.required<FilledIn>();
  readonly template = input.required<MailProviderTemplate>();
  readonly undone = output();
  readonly closed = output();
  private readonly store = inject(EditorStore);
  private readonly texts = inject(FormTexts);
  private readonly transloco = inject(TranslocoService);
  protected readonly rows = computed(() =>
    this.filled().changes.map(({ name, before, after }) => ({
      name,
      label: this.labelOf(name),
      before: this.valueOf(name, before),
      after: this.valueOf(name, after) || this.transloco.translate('mailServers.empty.value'),
    })),
  );

  private labelOf(name: string): string {
    const [first = ''] = name.split('.');
    const schema = this.store.schema().properties?.[first];
    const own = name === first && schema ? resolved(schema, this.store.schema()) : {};
    return this.texts.label('mailServerForm.', { name, schema: own, path: name.split('.') });
  }

  private valueOf(name: string, value: unknown): string {
    if (value === undefined || value === null || value === '') return '';
    return typeof value === 'object' ? '…' : this.texts.option('mailServerForm.', { name }, leafText(value));
  }
}

const leafText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
