import { Component, signal } from '@angular/core';
import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideTranslations } from '../../core/i18n/translations.testing';
import { provideIcons } from '../icon/provide-icons';
import type { JsonSchema } from './json-schema';
import type { JsonObject } from './json-value';
import { SchemaForm } from './schema-form';
import { WidgetTemplate } from './widget.directive';

const SCHEMA: JsonSchema = {
  type: 'object',
  required: ['host'],
  properties: {
    host: { type: 'string', title: 'Host', section: 'connection', description: 'A name.' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, title: 'Port', section: 'connection' },
    connector: { type: 'string', title: 'Connector', section: 'connection', widget: 'connector' },
    tls: { type: 'string', enum: ['none', 'starttls'], default: 'starttls', title: 'TLS', section: 'connection' },
    footer: { type: 'string', title: 'Footer', section: 'message' },
    scopes: { type: 'array', items: { type: 'string', pattern: '^\\S+$' }, title: 'Scopes', section: 'connection' },
  },
};

@Component({
  imports: [SchemaForm, WidgetTemplate],
  template: `
    <sp-schema-form
      texts="none."
      [schema]="schema"
      [folded]="['message']"
      [problems]="problems()"
      [strict]="strict()"
      [words]="{ tls: { options: ['starttls'] } }"
      [(value)]="value"
    >
      <ng-template spWidget="connector" let-field let-change="change">
        <button type="button" class="own" (click)="change('c1')">{{ field.value ?? 'choose' }}</button>
      </ng-template>
    </sp-schema-form>
  `,
})
class Page {
  readonly schema = SCHEMA;
  readonly value = signal<JsonObject>({});
  readonly problems = signal<ReadonlyMap<string, string>>(new Map());
  readonly strict = signal(false);
}

let fixture: ComponentFixture<Page>;
beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideTranslations(), provideIcons()] });
  fixture = TestBed.createComponent(Page);
  fixture.autoDetectChanges();
});

const host = (): HTMLElement => fixture.nativeElement as HTMLElement; // typed `any` by TestBed
const field = (label: string): HTMLInputElement => {
  const found = [...host().querySelectorAll('label')].find((one) => one.textContent.trim() === label);
  return host().querySelector<HTMLInputElement>(`#${found?.htmlFor ?? 'none'}`)!;
};

async function write(label: string, text: string): Promise<void> {
  field(label).value = text;
  field(label).dispatchEvent(new Event('input'));
  field(label).dispatchEvent(new Event('blur'));
  await fixture.whenStable();
}

describe('a form made of a schema', () => {
  it('names its fields and says what to write', () => {
    const box = field('Host');
    expect(host().querySelector(`#${box.getAttribute('aria-describedby') ?? ''}`)?.textContent).toContain('A name.');
  });

  it('holds what is written, numbers as numbers, and nothing for an emptied field', async () => {
    await write('Host', 'smtp.example.org');
    await write('Port', '587');
    expect(fixture.componentInstance.value()).toEqual({ host: 'smtp.example.org', port: 587 });
    await write('Host', '');
    expect(fixture.componentInstance.value()).toEqual({ port: 587 });
  });

  it('says what is wrong once a field is left; what is missing only when it is to be saved', async () => {
    await write('Port', '99999');
    expect(host().textContent).toContain('between 1 and 65535');
    expect(host().textContent).not.toContain('Please fill this in');
    fixture.componentInstance.strict.set(true);
    await fixture.whenStable();
    expect(field('Host').getAttribute('aria-invalid')).toBe('true');
    expect(host().textContent).toContain('Please fill this in');
  });

  it("shows the server's sentence at its field until that is changed", async () => {
    await write('Host', 'a b');
    fixture.componentInstance.problems.set(new Map([['/host', 'must be a host name']]));
    await fixture.whenStable();
    expect(host().textContent).toContain('must be a host name');
    await write('Host', 'a');
    expect(host().textContent).not.toContain('must be a host name');
  });

  it('opens a shut part when something in it is wrong', async () => {
    expect(field('Footer')).toBeNull();
    fixture.componentInstance.value.set({ footer: 'x' });
    fixture.componentInstance.problems.set(new Map([['/footer', 'is too rude']]));
    await fixture.whenStable();
    expect(host().textContent).toContain('is too rude');
  });

  it("shows a widget of the page's own", async () => {
    host().querySelector<HTMLButtonElement>('.own')?.click();
    await fixture.whenStable();
    expect(fixture.componentInstance.value()).toEqual({ connector: 'c1' });
  });

  it('parts what is copied with blanks where no text may have one', async () => {
    await write('Scopes', 'mail.send openid');
    expect(fixture.componentInstance.value()).toEqual({ scopes: ['mail.send', 'openid'] });
  });

  it('leaves out a choice that is none', () => {
    expect(host().textContent).not.toContain('TLS');
  });
});
