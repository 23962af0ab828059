import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { Api } from '../../../core/api/api';
import { createOAuthApplication, saveOAuthApplication } from '../../../core/api/functions';
import type { MailProviderTemplate, OAuthApplication, OAuthApplicationInput } from '../../../core/api/models';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import { SchemaForm } from '../../../ui/schema-form/schema-form';
import { WidgetTemplate } from '../../../ui/schema-form/widget.directive';
import type { JsonObject } from '../../../ui/schema-form/json-value';
import { ProblemState } from '../../../ui/state/problem-state';
import { ifMatch } from '../../../core/http/if-match';
import { DateField } from './date-field';
import { applicationInput, applicationSchema, openedApplication } from './application-form';

export interface ApplicationData {
  /** null: a new one. */
  readonly application: OAuthApplication | null;
  readonly template: MailProviderTemplate;
  readonly isSystem: boolean;
}

/** Which of the server's names for a secret each of our fields is. */
const POINTERS: Readonly<Record<string, string>> = {
  '/certificate': '/certificateKey',
  '/certificate/value/certificate': '/certificate',
  '/certificate/value/privateKey': '/certificateKey',
  '/clientSecret/value': '/clientSecret',
  '/serviceAccount': '/serviceAccountKey',
  '/secretExpiresAt': '/secretExpiresOn',
};

/** One OAuth application: who Signalpost is at a provider. Closes with it as it is saved. */
@Component({
  selector: 'sp-application-dialog',
  imports: [
    DateField,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemState,
    SchemaForm,
    TranslocoPipe,
    WidgetTemplate,
  ],
  templateUrl: './application-dialog.html',
  styles: `
    mat-dialog-content {
      padding: 0 !important; // the form has its own
    }
    sp-problem {
      margin: 12px 24px;
    }
  `,
})
export class ApplicationDialog {
  private readonly api = inject(Api);
  private readonly transloco = inject(TranslocoService);
  private readonly ref = inject<MatDialogRef<ApplicationDialog, OAuthApplication>>(MatDialogRef);
  protected readonly data = inject<ApplicationData>(MAT_DIALOG_DATA);
  private readonly opened = this.data.application ? openedApplication(this.data.application) : null;
  protected readonly schema = applicationSchema(this.data.template, this.data.isSystem);
  protected readonly secrets = this.opened?.secrets ?? new Map();
  protected readonly value = signal<JsonObject>(this.opened?.value ?? { name: this.data.template.name });
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly saving = signal(false);
  protected readonly strict = signal(false);
  protected readonly fieldProblems = signal<ReadonlyMap<string, string>>(new Map());
  /** What no field shows. */
  protected readonly general = computed(() => (this.fieldProblems().size > 0 ? null : this.problem()));

  protected async save(): Promise<void> {
    this.strict.set(true);
    const input = applicationInput(this.value(), this.data.template.id);
    if (!input) {
      const words: string = this.transloco.translate('applications.noKeyFile');
      return this.fieldProblems.set(new Map([['/serviceAccountKey', words]]));
    }
    this.saving.set(true);
    try {
      this.ref.close(await this.send(input));
    } catch (error) {
      this.tell(asProblem(error));
    } finally {
      this.saving.set(false);
    }
  }

  private send(body: OAuthApplicationInput): Promise<OAuthApplication> {
    const before = this.data.application;
    if (!before) return this.api.invoke(createOAuthApplication, { body });
    return this.api.invoke(saveOAuthApplication, { id: before.id, body, 'If-Match': ifMatch(before) });
  }

  private tell(problem: ApiProblem): void {
    this.problem.set(problem);
    const { errors, code, title } = problem.facts;
    const told = errors.map(({ pointer, message }) => [POINTERS[pointer] ?? pointer, message] as const);
    this.fieldProblems.set(new Map(code === 'name-taken' ? [['/name', title]] : told));
  }
}
