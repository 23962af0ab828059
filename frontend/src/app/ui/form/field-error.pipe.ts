import { Pipe, type PipeTransform, inject } from '@angular/core';
import type { ValidationError } from '@angular/forms/signals';
import { TranslocoService } from '@jsverse/transloco';

/** The kinds of error that our forms' rules can give; each has a text. */
const KINDS = ['required', 'email', 'minLength', 'maxLength', 'min', 'max', 'pattern', 'mismatch', 'otherName'] as const;

/** A field's errors → what is wrong with the first one, in the page's language. */
@Pipe({ name: 'fieldError' })
export class FieldErrorPipe implements PipeTransform {
  private readonly transloco = inject(TranslocoService);

  transform(errors: readonly ValidationError[]): string {
    const kind = KINDS.find((known) => known === errors[0]?.kind);
    return kind ? this.transloco.translate('fieldError.' + kind) : '';
  }
}
