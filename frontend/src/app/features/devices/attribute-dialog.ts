import { Component, inject, signal } from '@angular/core';
import { disabled, form, maxLength, required } from '@angular/forms/signals';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { Api } from '../../core/api/api';
import { saveDeviceAttributes } from '../../core/api/functions';
import type { AttributeValue, WritableAttributeScope } from '../../core/api/models';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { DIALOG_FORM_PARTS } from '../../ui/form/form-parts';
import { attributeValueOf, typedOf } from './attribute-value';

export interface AttributeToSet {
  readonly deviceId: string;
  /** Null: a new one. */
  readonly attribute: (AttributeValue & { readonly scope: WritableAttributeScope }) | null;
}

/** Sets one attribute of a device; closes with true when it was saved. */
@Component({
  selector: 'sp-attribute-dialog',
  imports: [...DIALOG_FORM_PARTS],
  templateUrl: './attribute-dialog.html',
})
export class AttributeDialog {
  private readonly api = inject(Api);
  private readonly ref = inject<MatDialogRef<AttributeDialog, boolean>>(MatDialogRef);
  private readonly given = inject<AttributeToSet>(MAT_DIALOG_DATA);

  protected readonly isNew = this.given.attribute === null;
  protected readonly scopes: readonly WritableAttributeScope[] = ['SHARED_SCOPE', 'SERVER_SCOPE'];
  protected readonly problem = signal<ApiProblem | null>(null);
  protected readonly form = form(
    signal<{ scope: WritableAttributeScope; key: string; value: string }>({
      scope: this.given.attribute?.scope ?? 'SHARED_SCOPE',
      key: this.given.attribute?.key ?? '',
      value: this.given.attribute ? typedOf(this.given.attribute.value) : '',
    }),
    (path) => {
      disabled(path.scope, { when: () => !this.isNew });
      disabled(path.key, { when: () => !this.isNew });
      required(path.key);
      maxLength(path.key, 255);
      required(path.value);
    },
    { submission: { action: () => this.save() } },
  );

  private async save(): Promise<void> {
    this.problem.set(null);
    const { scope, key, value } = this.form().value();
    try {
      const body = { values: { [key]: attributeValueOf(value) } };
      await this.api.invoke(saveDeviceAttributes, { id: this.given.deviceId, scope, body });
      this.ref.close(true);
    } catch (error) {
      this.problem.set(asProblem(error));
    }
  }
}
