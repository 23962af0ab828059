import type { MailProviderTemplate } from '../../../core/api/models';
import type { JsonObject } from '../../../ui/schema-form/json-value';
import { type Change, applyTemplate, changesBetween, withGoverned } from './apply-template';

export interface Chosen {
  readonly settings: JsonObject;
  readonly changes: readonly Change[];
}

/** Knows what the form held for each provider, so that switching back restores it. */
export class ProviderMemory {
  private readonly left = new Map<string, JsonObject>();

  constructor(private readonly templates: readonly MailProviderTemplate[]) {}

  template(id: unknown): MailProviderTemplate | null {
    return this.templates.find((template) => template.id === id) ?? null;
  }

  /** The settings after choosing another provider. */
  choose(settings: JsonObject, id: string): Chosen {
    const after = this.template(id);
    const before = this.template(settings['provider']);
    if (!after || before?.id === id) return { settings, changes: [] };
    if (before) this.left.set(before.id, settings);
    const known = this.left.get(id);
    const next = known ? withGoverned(settings, known) : applyTemplate(settings, before, after);
    return { settings: next, changes: changesBetween(settings, next) };
  }
}
