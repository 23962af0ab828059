import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, expect, it } from 'vitest';
import { provideTranslations } from '../../core/i18n/translations.testing';
import { provideIcons } from '../icon/provide-icons';
import { EmptyList } from './empty-list';

@Component({
  imports: [EmptyList],
  template: `
    <sp-empty-list texts="devices.empty." icon="sensors" [search]="search()" [filtered]="filtered()" [next]="next()">
      <button>Add</button>
    </sp-empty-list>
  `,
})
class Things {
  readonly search = signal('');
  readonly filtered = signal(false);
  readonly next = signal<string | undefined>(undefined);
}

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [...provideTranslations(), provideIcons()] });
});

async function shown(set: (things: Things) => void = () => undefined): Promise<string> {
  const fixture = TestBed.createComponent(Things);
  set(fixture.componentInstance);
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement; // typed `any` by TestBed
  return page.textContent;
}

it('says that there is nothing yet, and holds the next step', async () => {
  const text = await shown();
  expect(text).toContain('No devices yet');
  expect(text).toContain('Add one:');
  expect(text).toContain('Add');
});

it('takes another next step from the page', async () => {
  expect(await shown((things) => things.next.set('devices.empty.ask'))).toContain(
    'A tenant administrator can add devices.',
  );
});

it.each([
  ['is searched', (things: Things) => things.search.set('pump'), 'No device matches “pump”'],
  ['is filtered', (things: Things) => things.filtered.set(true), 'No device matches'],
])('says that nothing fits when the list %s, and offers no next step', async (_what, set, words) => {
  const text = await shown(set);
  expect(text).toContain(words);
  expect(text).not.toContain('No devices yet');
  expect(text).not.toContain('Add');
});
