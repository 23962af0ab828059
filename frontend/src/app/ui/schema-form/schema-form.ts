import { NgTemplateOutlet } from '@angular/common';
import { Component, computed, contentChildren, inject, input, linkedSignal, model, signal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import type { NamedSecret, SecretState } from '../secret-field/secret';
import { type Field, fieldsOf } from './form-fields';
import { type FieldWords, FormTexts } from './form-texts';
import type { JsonSchema } from './json-schema';
import { type JsonObject, put, same } from './json-value';
import { localProblem } from './local-problems';
import { SchemaField } from './schema-field';
import { WidgetTemplate } from './widget.directive';

/** One part of the form. */
interface Section {
  readonly name: string;
  readonly title: string;
  readonly fields: readonly Field[];
  readonly folds: boolean;
  /** Fields that say something else than what counts anyway. */
  readonly changed: number;
  readonly wrong: number;
}

const NO_WORDS: FieldWords = {};

/** A form that is generated from a JSON Schema with hints: parts with headings, conditional fields, problems at their fields. */
@Component({
  selector: 'sp-schema-form',
  imports: [MatIcon, NgTemplateOutlet, SchemaField, TranslocoPipe],
  templateUrl: './schema-form.html',
  styleUrl: './schema-form.scss',
})
export class SchemaForm {
  readonly schema = input.required<JsonSchema>();
  readonly value = model.required<JsonObject>();
  /** Key of the form's texts, see `FormTexts`. */
  readonly texts = input.required<string>();
  /** Names of the parts that are shut at first. */
  readonly folded = input<readonly string[]>([]);
  /** Names of the parts in their order; others follow as the schema has them. */
  readonly order = input<readonly string[]>([]);
  /** Names of fields that stand somewhere else on the page. */
  readonly without = input<readonly string[]>([]);
  /** What the server found: JSON Pointer → sentence. */
  readonly problems = input<ReadonlyMap<string, string>>(new Map());
  /** What is stored of each secret: JSON Pointer → state. */
  readonly secrets = input<ReadonlyMap<string, SecretState>>(new Map());
  readonly named = input<readonly NamedSecret[]>([]);
  /** What the page knows better: name of the field → words. */
  readonly words = input<Readonly<Record<string, FieldWords>>>({});
  readonly readonly = input(false);
  /** Whether fields that nobody has touched yet tell what is wrong, too. */
  readonly strict = input(false);

  private readonly formTexts = inject(FormTexts);
  private readonly transloco = inject(TranslocoService);
  private readonly widgets = contentChildren(WidgetTemplate);
  private readonly touched = signal<ReadonlySet<string>>(new Set());
  private readonly opened = signal<ReadonlySet<string>>(new Set());
  private readonly fields = computed(() =>
    fieldsOf(this.schema(), this.value())
      .filter(({ name }) => !this.without().includes(name))
      .map((field) => this.placed(field))
      .filter(({ options, value }) => options.length !== 1 || (value !== undefined && !options.includes(shown(value)))),
  );
  /** A problem of the server's stays until its field is changed. */
  private readonly open = linkedSignal(() => this.problems());
  protected readonly sections = computed(() => this.grouped(this.fields()));

  /** Whether something is wrong that can be seen here. */
  readonly valid = computed(() => this.fields().every((field) => localProblem(field) === null));

  protected change(field: Field, part: unknown): void {
    this.value.update((value) => put(value, field.path, part));
    if (this.open().has(field.pointer)) {
      this.open.update((open) => new Map([...open].filter(([pointer]) => pointer !== field.pointer)));
    }
  }

  protected leave(field: Field): void {
    this.touched.update((touched) => new Set([...touched, field.pointer]));
  }

  /** What nobody has written yet needs no words of the server. */
  protected errorOf(field: Field): string {
    const problem = localProblem(field);
    const said = [...this.open()].find(([pointer]) => concerns(field, pointer))?.[1];
    if (said !== undefined && problem !== 'required') return said;
    const tells = this.strict() || said !== undefined || (this.touched().has(field.pointer) && problem !== 'required');
    return problem !== null && tells ? this.transloco.translate('form.problem.' + problem, rangeOf(field)) : '';
  }

  protected templateOf(field: Field) {
    return this.widgets().find((widget) => [field.widget, field.name].includes(widget.spWidget()))?.template;
  }

  protected wordsOf(field: Field): FieldWords {
    return this.words()[field.name] ?? NO_WORDS;
  }

  protected isOpen({ name, folds, wrong }: Section): boolean {
    return !folds || wrong > 0 || this.opened().has(name);
  }

  protected toggle(name: string, open: boolean): void {
    const rest = [...this.opened()].filter((other) => other !== name);
    this.opened.set(new Set(open ? [...rest, name] : rest));
  }

  /** A template's context is not typed. */
  protected asFields(fields: readonly Field[]): readonly Field[] {
    return fields;
  }

  protected isWide(field: Field): boolean {
    const isShort = NARROW.includes(field.widget) && (field.schema.maxLength ?? 0) <= LONGEST_NARROW;
    return this.wordsOf(field).wide ?? !isShort;
  }

  /** A field as the page wants it; what is inside of another goes where that goes. */
  private placed(field: Field): Field {
    const { options, widget, section, order } = this.wordsOf(field);
    const around = this.words()[field.path[0] ?? '']?.section;
    return {
      ...field,
      options: options ? field.options.filter((option) => options.includes(option)) : field.options,
      widget: widget ?? field.widget,
      order: order === undefined ? field.order : Math.floor(field.order) + order,
      section: section ?? around ?? field.section,
    };
  }

  private grouped(fields: readonly Field[]): readonly Section[] {
    const named = fields.map(({ section }) => section);
    const names = [...new Set([...this.order().filter((name) => named.includes(name)), ...named])];
    return names.map((name) => this.sectionOf(name, fields.filter((field) => field.section === name).sort(byOrder)));
  }

  private sectionOf(name: string, fields: readonly Field[]): Section {
    return {
      name,
      fields,
      title: this.formTexts.section(this.texts(), name),
      folds: this.folded().includes(name),
      changed: fields.filter(isOfItsOwn).length,
      wrong: fields.filter((field) => this.errorOf(field) !== '').length,
    };
  }
}

/** Two of these fit beside each other. */
const NARROW = ['text', 'number', 'select', 'choice'];

const LONGEST_NARROW = 600;

const shown = (value: unknown): string => (typeof value === 'string' ? value : '');

const byOrder = (one: Field, other: Field): number => one.order - other.order;

function isOfItsOwn({ value, schema }: Field): boolean {
  const isEmpty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  return !isEmpty && !same(value, schema.default) && !same(value, {}) && !same(value, { change: 'keep' });
}

/** A problem inside of a list or of what a widget shows as one belongs to the field around it. */
function concerns({ pointer, widget }: Field, problem: string): boolean {
  return problem === pointer || (widget !== 'part' && problem.startsWith(pointer + '/'));
}

function rangeOf({ schema }: Field): Record<string, unknown> {
  return { least: schema.minimum ?? '', most: schema.maximum ?? '' };
}
