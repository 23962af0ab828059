import { FormField, FormRoot } from '@angular/forms/signals';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { MatError, MatFormField, MatHint, MatLabel } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatOption, MatSelect } from '@angular/material/select';
import { TranslocoPipe } from '@jsverse/transloco';
import { ProblemState } from '../state/problem-state';
import { FieldErrorPipe } from './field-error.pipe';
import { MeanwhileNote } from './meanwhile';

/** What every form's template is made of. */
export const FORM_PARTS = [
  FieldErrorPipe,
  FormField,
  FormRoot,
  MatButton,
  MatError,
  MatFormField,
  MatHint,
  MatInput,
  MatLabel,
  MatOption,
  MatSelect,
  ProblemState,
  TranslocoPipe,
] as const;

/** What a form in a dialog is made of. */
export const DIALOG_FORM_PARTS = [
  ...FORM_PARTS,
  MatDialogActions,
  MatDialogClose,
  MatDialogContent,
  MatDialogTitle,
  MeanwhileNote,
] as const;
