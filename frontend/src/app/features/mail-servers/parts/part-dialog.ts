import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import {
  MAT_DIALOG_DATA,
  type MatDialog,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogRef,
  MatDialogTitle,
} from '@angular/material/dialog';
import { TranslocoPipe } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import { type ApiProblem, asProblem } from '../../../core/http/api-problem';
import type { JsonSchema } from '../../../ui/schema-form/json-schema';
import type { JsonObject } from '../../../ui/schema-form/json-value';
import { SchemaForm } from '../../../ui/schema-form/schema-form';
import { type SecretChange, type SecretState, isSecretChange } from '../../../ui/secret-field/secret';
import { ProblemState } from '../../../ui/state/problem-state';

/** A small thing to edit and how to save it. */
export interface Part {
  /** Translation key. */
  readonly title: string;
  /** Key of the form's texts. */
  readonly texts: string;
  readonly schema: JsonSchema;
  readonly value: JsonObject;
  readonly secrets: ReadonlyMap<string, SecretState>;
  readonly save: (value: JsonObject) => Promise<void>;
}

/** A small form in a dialog; closes when what it edits is saved. */
@Component({
  selector: 'sp-part-dialog',
  imports: [
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    ProblemState,
    SchemaForm,
    TranslocoPipe,
  ],
  template: `
    <form (submit)="save(); $event.preventDefault()">
      <h2 mat-dialog-title>{{ part.title | transloco }}</h2>
      <mat-dialog-content>
        @if (general(); as one) {
          <sp-problem [problem]="one" [retryable]="false" />
        }
        <sp-schema-form
          [texts]="part.texts"
          [schema]="part.schema"
          [secrets]="part.secrets"
          [problems]="fieldProblems()"
          [strict]="strict()"
          [(value)]="value"
        />
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ 'ui.cancel' | transloco }}</button>
        <button matButton="filled" type="submit" [disabled]="saving()">{{ 'form.save' | transloco }}</button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    mat-dialog-content {
      padding: 0 !important; // the form has its own
    }
    sp-problem {
      margin: 12px 24px;
    }
  `,
})
export class PartDialog {
  private readonly ref = inject<MatDialogRef<PartDialog, boolean>>(MatDialogRef);
  protected readonly part = inject<Part>(MAT_DIALOG_DATA);
  protected readonly value = signal(this.part.value);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly saving = signal(false);
  protected readonly strict = signal(false);
  protected readonly fieldProblems = computed(() => {
    const { errors, code, title } = this.problem()?.facts ?? { errors: [], code: '', title: '' };
    const told = errors.map(({ pointer, message }) => [pointer.replace(/\/value$/, '') || pointer, message] as const);
    return new Map(
      code === 'name-taken' ? [['/name', title]] : told.flatMap(([pointer, words]) => [[pointer, words] as const]),
    );
  });
  protected readonly general = computed(() => (this.fieldProblems().size > 0 ? null : this.problem()));

  protected async save(): Promise<void> {
    this.strict.set(true);
    this.saving.set(true);
    try {
      await this.part.save(this.value());
      this.ref.close(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    } finally {
      this.saving.set(false);
    }
  }
}

export async function openPart(dialog: MatDialog, data: Part): Promise<void> {
  await firstValueFrom(dialog.open<PartDialog, Part, boolean>(PartDialog, { data, width: '560px' }).afterClosed());
}

/** What a form says, as the API takes it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** These refer to no named secret. */
export function changeOf(value: unknown): Exclude<SecretChange, { change: 'named' }> {
  return isSecretChange(value) && value.change !== 'named' ? value : { change: 'keep' };
}
