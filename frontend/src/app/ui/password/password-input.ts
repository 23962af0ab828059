import { Component, input, signal } from '@angular/core';
import { type FieldTree, FormField } from '@angular/forms/signals';
import { MatIconButton } from '@angular/material/button';
import { MatError, MatFormField, MatLabel, MatSuffix } from '@angular/material/form-field';
import { MatIcon } from '@angular/material/icon';
import { MatInput } from '@angular/material/input';
import { TranslocoPipe } from '@jsverse/transloco';
import { FieldErrorPipe } from '../form/field-error.pipe';

/** One password, hidden until the person wants to see it. */
@Component({
  selector: 'sp-password-input',
  imports: [
    FieldErrorPipe,
    FormField,
    MatError,
    MatFormField,
    MatIcon,
    MatIconButton,
    MatInput,
    MatLabel,
    MatSuffix,
    TranslocoPipe,
  ],
  template: `
    <mat-form-field>
      <mat-label>{{ label() }}</mat-label>
      <input
        matInput
        [attr.autocomplete]="purpose() + '-password'"
        [type]="shown() ? 'text' : 'password'"
        [formField]="field()"
      />
      <button
        matIconButton
        matSuffix
        type="button"
        [attr.aria-label]="'ui.showPassword' | transloco"
        [attr.aria-pressed]="shown()"
        (click)="shown.set(!shown())"
      >
        <mat-icon [svgIcon]="shown() ? 'visibility-off' : 'visibility'" />
      </button>
      <mat-error>{{ field()().errors() | fieldError }}</mat-error>
    </mat-form-field>
  `,
  styles: `
    :host,
    mat-form-field {
      display: block;
    }
  `,
})
export class PasswordInput {
  readonly field = input.required<FieldTree<string>>();
  /** Ready to show. */
  readonly label = input.required<string>();
  /** What a password manager should do: fill in the one it has, or make a new one. */
  readonly purpose = input<'current' | 'new'>('current');
  protected readonly shown = signal(false);
}
