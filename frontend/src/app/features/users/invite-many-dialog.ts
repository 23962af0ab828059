import { Component, inject, signal } from '@angular/core';
import { form, required } from '@angular/forms/signals';
import { MatIcon } from '@angular/material/icon';
import { Api } from '../../core/api/api';
import { inviteUsers$Csv } from '../../core/api/functions';
import type { InvitationReport } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { Command } from '../../ui/code/command';
import { FileDrop } from '../../ui/drop/file-drop';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';

const EXAMPLE = 'email,name,role,customer,language\nada@example.org,Ada Lovelace,tenant-operator,,en';

/** Invites everybody in a CSV file, then says of each line what became of it. */
@Component({
  selector: 'sp-invite-many-dialog',
  imports: [...DIALOG_FORM_PARTS, Command, FileDrop, MatIcon],
  templateUrl: './invite-many-dialog.html',
  styleUrl: './invite-many-dialog.scss',
})
export class InviteManyDialog {
  private readonly api = inject(Api);
  protected readonly example = EXAMPLE;
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly report = signal<InvitationReport | null>(null);
  protected readonly form = form(signal({ lines: '' }), (path) => required(path.lines), {
    submission: { action: () => this.invite() },
  });

  protected async take(file: File): Promise<void> {
    this.form.lines().value.set(await file.text());
  }

  protected again(): void {
    this.report.set(null);
    this.form().reset({ lines: '' });
  }

  private async invite(): Promise<void> {
    this.problem.set(null);
    try {
      this.report.set(await this.api.invoke(inviteUsers$Csv, { body: this.form.lines().value() }));
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
