import { Injectable, inject } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { ownText } from '../../core/i18n/own-text';
import type { Field } from './form-fields';

/** What a page knows better than the schema, by the field's name. */
export interface FieldWords {
  readonly label?: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** Offered while writing. */
  readonly suggestions?: readonly string[];
  /** Of what can be chosen, only these; a field with one option that it has anyway is left out. */
  readonly options?: readonly string[];
  readonly widget?: string;
  /** Place within its part, among those of the schema (0, 1, …; inside of another field 0.01, 0.02, …). */
  readonly order?: number;
  /** Whether it takes the whole row. */
  readonly wide?: boolean;
  /** Stands in this part of the form instead. */
  readonly section?: string;
  /** Ready to show: what is dangerous about what is chosen. */
  readonly warning?: string;
}

/**
 * The words of a generated form. The schema says them in English (`title`, `description`); another language has them under the
 * form's own key, which ends with a dot: `<key>field.<name>`, `hint.<name>`, `option.<name>.<value>`, `section.<section>`.
 */
@Injectable({ providedIn: 'root' })
export class FormTexts {
  private readonly transloco = inject(TranslocoService);

  label(key: string, { name, schema, path }: Pick<Field, 'name' | 'schema' | 'path'>): string {
    return this.find(`${key}field.${name}`) ?? schema.title ?? spaced(path.at(-1) ?? '');
  }

  hint(key: string, { name, schema }: Pick<Field, 'name' | 'schema'>): string {
    return this.find(`${key}hint.${name}`) ?? schema.description ?? '';
  }

  option(key: string, { name }: Pick<Field, 'name'>, value: string): string {
    return this.find(`${key}option.${name}.${value}`) ?? value;
  }

  section(key: string, section: string): string {
    return this.find(`${key}section.${section}`) ?? spaced(section);
  }

  /** In the page's language alone: another language's text would come before the schema's. */
  private find(key: string): string | undefined {
    return ownText(this.transloco, key);
  }
}

/** `maxConnections` → "Max connections". */
function spaced(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('-', ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
