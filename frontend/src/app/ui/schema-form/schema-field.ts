import { NgTemplateOutlet } from '@angular/common';
import { Component, type TemplateRef, computed, inject, input, output } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import { TranslocoPipe } from '@jsverse/transloco';
import { Choice } from '../choice/choice';
import { FieldFrame, fieldId } from '../field/field';
import { Pairs } from '../field/pairs';
import { TextList } from '../field/text-list';
import { type NamedSecret, type SecretState, isSecretChange } from '../secret-field/secret';
import { SecretField } from '../secret-field/secret-field';
import type { Field } from './form-fields';
import { type FieldWords, FormTexts } from './form-texts';
import { fits } from './local-problems';

/** Longer texts get a box with several lines. */
const LONG = 1_000;

/** What a widget of the page's own gets. */
export interface WidgetContext {
  readonly $implicit: Field;
  readonly id: string;
  readonly describedBy: string | null;
  readonly readonly: boolean;
  readonly change: (value: unknown) => void;
}

/** One field of a generated form; what it is like comes from its schema. */
@Component({
  selector: 'sp-schema-field',
  imports: [Choice, FieldFrame, MatIcon, MatSlideToggle, NgTemplateOutlet, Pairs, SecretField, TextList, TranslocoPipe],
  templateUrl: './schema-field.html',
  styleUrl: './schema-field.scss',
})
export class SchemaField {
  readonly field = input.required<Field>();
  /** Where the texts of the form are. */
  readonly texts = input.required<string>();
  readonly words = input<FieldWords>({});
  /** What is wrong with it, ready to show. */
  readonly error = input('');
  readonly readonly = input(false);
  readonly secretState = input<SecretState | undefined>(undefined);
  readonly named = input<readonly NamedSecret[]>([]);
  /** For a widget of the page's own. */
  readonly template = input<TemplateRef<WidgetContext> | undefined>(undefined);
  /** undefined takes the value away. */
  readonly changed = output<unknown>();
  readonly left = output();

  private readonly formTexts = inject(FormTexts);
  protected readonly label = computed(() => this.words().label ?? this.formTexts.label(this.texts(), this.field()));
  protected readonly hint = computed(() => this.words().hint ?? this.formTexts.hint(this.texts(), this.field()));
  protected readonly placeholder = computed(
    () => this.words().placeholder ?? this.field().schema.placeholder ?? shown(this.field().schema.default),
  );
  protected readonly options = computed(() =>
    this.field().options.map((value) => ({ value, label: this.formTexts.option(this.texts(), this.field(), value) })),
  );
  protected readonly text = computed(() => shown(this.field().value));
  /** What counts where nothing is written. */
  protected readonly chosen = computed(() => shown(this.field().value ?? this.field().schema.default));
  protected readonly isOn = computed(() => (this.field().value ?? this.field().schema.default) === true);
  protected readonly items = computed(() => {
    const { value } = this.field();
    return Array.isArray(value) ? value.map(String) : [];
  });
  /** Scopes, for instance: people copy several at once, with blanks between them. */
  protected readonly blanks = computed(() => {
    const { pattern } = this.field().schema.items ?? {};
    return pattern !== undefined && !fits(pattern, 'a b');
  });
  protected readonly secret = computed(() => {
    const { value } = this.field();
    return isSecretChange(value) ? value : undefined;
  });
  protected readonly isCode = computed(() => this.field().schema.widget === 'pem');
  protected readonly isLong = computed(() => (this.field().schema.maxLength ?? 0) > LONG);

  protected readonly id = fieldId();
  protected readonly turnSwitch = (on: boolean): void => this.changed.emit(on);
  /** What is inside of an optional part is asked for once it is on. */
  protected readonly turnPart = (on: boolean): void => this.changed.emit(on ? {} : undefined);

  protected write(text: string): void {
    this.changed.emit(text === '' ? this.nothing() : text);
  }

  protected writeNumber(text: string): void {
    const trimmed = text.trim();
    const number = Number(trimmed);
    if (trimmed === '') this.changed.emit(this.nothing());
    else this.changed.emit(Number.isNaN(number) ? trimmed : number);
  }

  protected writeItems(items: readonly string[]): void {
    this.changed.emit(items.length === 0 && !this.field().required ? undefined : items);
  }

  private nothing(): null | undefined {
    return this.field().schema.nullable ? null : undefined;
  }

  protected contextOf(id: string, describedBy: string | null): WidgetContext {
    const change = (value: unknown): void => this.changed.emit(value);
    return { $implicit: this.field(), id, describedBy, readonly: this.readonly(), change };
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
