import { Component, inject, signal } from '@angular/core';
import { FormField, FormRoot, form, maxLength, required } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import { createApiToken } from '../../core/api/functions';
import type { CreatedApiToken } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Command } from '../../ui/code/command';
import { FieldErrorPipe } from '../../ui/form/field-error.pipe';
import { ProblemState } from '../../ui/state/problem-state';

/** Asks for a token's name, then shows the token the one time it can be seen. */
@Component({
  selector: 'sp-new-token-dialog',
  imports: [
    Command,
    FieldErrorPipe,
    FormField,
    FormRoot,
    MatButton,
    MatDialogActions,
    MatDialogClose,
    MatDialogContent,
    MatDialogTitle,
    MatError,
    MatFormField,
    MatHint,
    MatInput,
    MatLabel,
    ProblemState,
    TranslocoPipe,
  ],
  templateUrl: './new-token-dialog.html',
})
export class NewTokenDialog {
  private readonly api = inject(Api);
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly created = signal<CreatedApiToken | null>(null);
  protected readonly form = form(
    signal({ name: '' }),
    (path) => {
      required(path.name);
      maxLength(path.name, 255);
    },
    { submission: { action: () => this.create() } },
  );

  private async create(): Promise<void> {
    this.problem.set(null);
    try {
      this.created.set(await this.api.invoke(createApiToken, { body: this.form().value() }));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
