import { Component, type WritableSignal, computed, inject, input, signal } from '@angular/core';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe, TranslocoService } from '@jsverse/transloco';
import { type ApiProblem, asProblem } from '../../core/http/api-problem';
import { type JsonObject, differences, merged } from '../schema-form/json-value';

/** Puts together what two people made of the same thing at the same time. */
export class Meanwhile<T extends object> {
  private readonly theirs = signal<readonly string[] | null>(null);
  /** What the other one changed, as names joined by dots; null: nobody did. */
  readonly changed = this.theirs.asReadonly();

  /** @param before what the form began with */
  constructor(private before: T) {}

  /**
   * After a failed save. Where somebody else was quicker, the form gets their changes and keeps its own over them.
   * @returns what is left to be shown; null: the form can be saved again
   */
  async settle(error: unknown, read: () => Promise<T>, form: WritableSignal<T>): Promise<ApiProblem | null> {
    const problem = asProblem(error);
    if (problem.facts.code !== 'changed-meanwhile') return problem;
    try {
      const [before, theirs] = [this.before, await read()];
      this.theirs.set(differences(before, theirs).map((path) => path.join('.')));
      const [was, mine, is] = [before, form(), theirs] as unknown as readonly [JsonObject, JsonObject, JsonObject]; // forms hold JSON
      form.set(merged(was, mine, is) as T); // of the same fields
      this.before = theirs;
      return null;
    } catch (failure) {
      return asProblem(failure);
    }
  }
}

/** Says that somebody else has changed the same thing, and what. */
@Component({
  selector: 'sp-meanwhile',
  imports: [MatIcon, TranslocoPipe],
  template: `
    <mat-icon svgIcon="info" aria-hidden="true" />
    <div>
      <p>{{ 'ui.meanwhile.text' | transloco }}</p>
      @if (names()) {
        <p>{{ 'ui.meanwhile.fields' | transloco: { fields: names() } }}</p>
      }
    </div>
  `,
  styles: `
    :host {
      display: flex;
      gap: 12px;
      padding: 12px 14px;
      border-radius: 8px;
      background: var(--sp-warning-fill);
      color: var(--sp-warning-ink);
    }
    mat-icon {
      flex: none;
    }
  `,
  host: { role: 'alert' },
})
export class MeanwhileNote {
  private readonly transloco = inject(TranslocoService);
  readonly changed = input.required<readonly string[]>();
  /** Texts of the fields that people see, by name. */
  readonly labels = input.required<Readonly<Record<string, string>>>();
  protected readonly names = computed(() =>
    this.changed()
      .flatMap((name) => this.labels()[name] ?? [])
      .map((key) => this.transloco.translate(key))
      .join(', '),
  );
}
