import { TestBed } from '@angular/core/testing';
import { MAT_DIALOG_DATA, MatDialogRef } from '@angular/material/dialog';
import { beforeEach, expect, it, vi } from 'vitest';
import type { Tenant } from '../../core/api/models';
import { call, element, open, providePage, text } from '../page.testing';
import { limitsForm } from './limits';
import { TenantDialog } from './tenant-dialog';

const LIMITS = limitsForm({
  properties: {
    mayUseSystemMail: { type: 'boolean', default: false },
    maxUsers: { type: 'integer', minimum: 1, maximum: 1000, default: 50 },
    maxDevices: { type: 'integer', minimum: 1, maximum: 1000, default: 500 },
  },
});
const TENANT: Tenant = {
  ...{ id: 't1', name: 'Plant', language: 'en', managed: false, revision: 4, createdAt: 0 },
  limits: { ...LIMITS.usual, maxUsers: 10, maxDevices: 20 },
  counts: { administrators: 1, users: 1, devices: 0, customers: 0 },
};
const CHANGED = { code: 'changed-meanwhile', title: 'Changed.', advice: 'Load it again.' };
const close = vi.fn();

beforeEach(() => {
  close.mockReset();
  TestBed.configureTestingModule({
    providers: [
      ...providePage(),
      { provide: MAT_DIALOG_DATA, useValue: { tenant: TENANT, limits: LIMITS } },
      { provide: MatDialogRef, useValue: { close } },
    ],
  });
});

const save = (fixture: ReturnType<typeof open>) =>
  element(fixture).querySelector<HTMLButtonElement>('button[type="submit"]')?.click();

/** As somebody types. */
function type(fixture: ReturnType<typeof open>, index: number, value: string): void {
  const input = element(fixture).querySelectorAll<HTMLInputElement>('input:not([type="checkbox"])')[index]!;
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
}

it('keeps what two people changed at the same time, and says what the other one changed', async () => {
  const fixture = open(TenantDialog);
  type(fixture, 0, 'Plant North');
  save(fixture);
  const first = await call('/api/tenants/t1');
  expect([first.request.method, first.request.headers.get('If-Match')]).toEqual(['PUT', '"4"']);
  first.flush(CHANGED, { status: 412, statusText: 'Precondition Failed' });
  const theirs = { ...TENANT, revision: 5, limits: { ...TENANT.limits, maxUsers: 99 } };
  (await call('/api/tenants/t1')).flush(theirs);
  await vi.waitFor(() => expect(text(fixture)).toContain('They changed: Users at most.'));
  expect(text(fixture)).not.toContain(CHANGED.advice);
  expect(close).not.toHaveBeenCalled();

  save(fixture);
  const second = await call('/api/tenants/t1');
  expect(second.request.headers.get('If-Match')).toBe('"5"');
  expect(second.request.body).toMatchObject({ name: 'Plant North', limits: { maxUsers: 99, maxDevices: 20 } });
  second.flush(theirs);
  await vi.waitFor(() => expect(close).toHaveBeenCalledExactlyOnceWith(theirs));
});

it('says what is wrong where it is not that, and where the tenant is gone meanwhile', async () => {
  const fixture = open(TenantDialog);
  save(fixture);
  const taken = { code: 'name-taken', title: 'The name is taken.', advice: '' };
  (await call('/api/tenants/t1')).flush(taken, { status: 409, statusText: 'Conflict' });
  await vi.waitFor(() => expect(text(fixture)).toContain(taken.title));
  save(fixture);
  (await call('/api/tenants/t1')).flush(CHANGED, { status: 412, statusText: 'Precondition Failed' });
  const gone = { code: 'not-found', title: 'There is no such thing.', advice: '' };
  (await call('/api/tenants/t1')).flush(gone, { status: 404, statusText: 'Not Found' });
  await vi.waitFor(() => expect(text(fixture)).toContain(gone.title));
});
