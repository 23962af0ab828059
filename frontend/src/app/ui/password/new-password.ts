import { Component, computed, input } from '@angular/core';
import type { FieldTree } from '@angular/forms/signals';
import { MatIcon } from '@angular/material/icon';
import { TranslocoPipe } from '@jsverse/transloco';
import { PasswordInput } from './password-input';
import { type PasswordRules, RULE_NAMES, brokenRules } from './password-rules';

/** A new password, with the rules it still breaks shown while the person types. */
@Component({
  selector: 'sp-new-password',
  imports: [MatIcon, PasswordInput, TranslocoPipe],
  template: `
    <sp-password-input purpose="new" [field]="field()" [label]="label()" />
    @if (rules(); as rules) {
      <ul [attr.aria-label]="'password.rules' | transloco" aria-live="polite">
        @for (rule of states(); track rule.name) {
          <li [class.met]="rule.met">
            <mat-icon [svgIcon]="rule.met ? 'check-circle-fill' : 'circle'" aria-hidden="true" />
            <span>
              {{
                'password.rule.' + rule.name
                  | transloco: { length: rules.minLength, distinct: rules.minDistinctCharacters }
              }}
              <span class="cdk-visually-hidden">
                {{ (rule.met ? 'password.met' : 'password.notMet') | transloco }}
              </span>
            </span>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    ul {
      display: grid;
      gap: 4px;
      margin: 0 0 8px;
    }
    li {
      display: flex;
      gap: 8px;
      align-items: center;
      color: var(--sp-ink-soft);
      font-size: 0.8125rem;
    }
    mat-icon {
      width: 18px;
      height: 18px;
    }
    .met {
      color: var(--sp-positive-ink);
    }
  `,
})
export class NewPassword {
  readonly field = input.required<FieldTree<string>>();
  readonly label = input.required<string>();
  /** Undefined while it loads: the server checks in any case. */
  readonly rules = input<PasswordRules>();
  /** Of the account, because the password must not hold it. */
  readonly email = input('');

  protected readonly states = computed(() => {
    const rules = this.rules();
    const password = this.field()().value();
    const broken = rules ? brokenRules(rules, password, this.email()) : [];
    return RULE_NAMES.map((name) => ({ name, met: password !== '' && !broken.includes(name) }));
  });
}
