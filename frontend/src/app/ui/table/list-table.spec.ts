import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { provideTranslations } from '../../core/i18n/translations.testing';
import { PagedList } from '../../core/paging/paged-list';
import { ListTable } from './list-table';

@Component({
  imports: [ListTable],
  template: `
    <sp-list-table [list]="list" label="Things" [columns]="['tenants.name', 'users.role']" unseen="ui.actions">
      @for (thing of list.items(); track thing) {
        <tr role="row">
          <td role="cell">{{ thing }}</td>
        </tr>
      }
      <p empty>No things</p>
    </sp-list-table>
  `,
})
class Things {
  readonly load = vi.fn<() => Promise<{ items: string[]; nextCursor: string | null }>>();
  readonly list = new PagedList(this.load);
}

beforeEach(() => {
  TestBed.configureTestingModule({ providers: provideTranslations() });
});

/** After reading a page of these items. */
async function shown(items: string[], nextCursor: string | null = null) {
  const fixture = TestBed.createComponent(Things);
  fixture.componentInstance.load.mockResolvedValueOnce({ items, nextCursor });
  await fixture.componentInstance.list.reload();
  await fixture.whenStable();
  const page = fixture.nativeElement as HTMLElement; // typed `any` by TestBed
  return {
    page,
    texts: (selector: string) => [...page.querySelectorAll(selector)].map((found) => found.textContent.trim()),
  };
}

describe('a list as a table', () => {
  it('has a heading for every column and a row for every thing', async () => {
    const { page, texts } = await shown(['first', 'second']);
    expect(page.querySelector('table')?.getAttribute('aria-label')).toBe('Things');
    expect(texts('thead th')).toEqual(['Name', 'Role', 'Actions']);
    expect(page.querySelector('th:last-child .cdk-visually-hidden')).not.toBeNull();
    expect(texts('tbody > tr')).toEqual(['first', 'second']);
    expect(texts('p')).toEqual([]);
  });

  it('says in place of a table that there is nothing', async () => {
    const { page, texts } = await shown([]);
    expect(texts('p')).toEqual(['No things']);
    expect(page.querySelector('table')).toBeNull();
  });

  it.each([
    ['offers', 'x', ['Load more']],
    ['does not offer', null, []],
  ])('%s more with the cursor %s', async (_what, cursor, buttons) => {
    const { texts } = await shown(['first'], cursor);
    expect(texts('button')).toEqual(buttons);
  });
});
