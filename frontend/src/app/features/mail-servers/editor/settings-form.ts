import { Component, computed, inject, input } from '@angular/core';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { MailProviderTemplate } from '../../../core/api/models';
import { Clock } from '../../../core/time/clock';
import { FieldFrame } from '../../../ui/field/field';
import { SchemaForm } from '../../../ui/schema-form/schema-form';
import { WidgetTemplate } from '../../../ui/schema-form/widget.directive';
import { ConnectorField } from '../parts/connector-field';
import { PartsStore } from '../parts/parts-store';
import { MailServersStore } from '../mail-servers-store';
import { ApplicationField } from '../oauth/application-field';
import { warningsFor } from '../providers/warnings';
import { EditorStore } from './editor-store';
import { FOLDED, ORDER, wordsFor } from './field-words';
import { Notes } from './notes';

/** Name, description and all settings of a mail server; the settings are generated from what the server says of them. */
@Component({
  selector: 'sp-settings-form',
  imports: [ApplicationField, ConnectorField, FieldFrame, Notes, SchemaForm, TranslocoPipe, WidgetTemplate],
  templateUrl: './settings-form.html',
  styleUrl: './settings-form.scss',
})
export class SettingsForm {
  readonly template = input.required<MailProviderTemplate>();
  protected readonly store = inject(EditorStore);
  protected readonly parts = inject(PartsStore);
  private readonly page = inject(MailServersStore);
  private readonly clock = inject(Clock);
  private readonly transloco = inject(TranslocoService);
  protected readonly folded = FOLDED;
  protected readonly order = ORDER;
  protected readonly words = computed(() =>
    wordsFor(this.template(), this.store.settings(), this.transloco.translate('mailServers.clear')),
  );
  protected readonly warnings = computed(() => warningsFor(this.template(), this.store.settings(), this.clock.now()));
  /** As the list has them, which follows the consent, too. */
  protected readonly problems = computed(() => {
    const id = this.store.saved()?.id;
    return this.store.dirty() ? [] : (this.page.servers().find((server) => server.id === id)?.problems ?? []);
  });
  protected readonly nameProblem = computed(() => {
    const facts = this.store.problem()?.facts;
    if (facts?.code === 'name-taken') return facts.title;
    if (this.store.strict() && this.store.draft().name.trim() === '')
      return this.transloco.translate('form.problem.required');
    return facts?.errors.find(({ pointer }) => pointer === '/name')?.message ?? '';
  });
}
