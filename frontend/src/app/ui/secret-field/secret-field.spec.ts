import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { provideTranslations } from '../../core/i18n/translations.testing';
import { provideIcons } from '../icon/provide-icons';
import type { SecretChange, SecretState } from './secret';
import { SecretField } from './secret-field';

const STORED: SecretState = { isSet: true, changedAt: 1_000, named: null };

beforeEach(() => {
  TestBed.configureTestingModule({ providers: [provideTranslations(), provideIcons()] });
});

function show(state?: SecretState, named: readonly { id: string; name: string }[] = []) {
  const fixture = TestBed.createComponent(SecretField);
  fixture.componentRef.setInput('label', 'Password');
  fixture.componentRef.setInput('state', state);
  fixture.componentRef.setInput('named', named);
  fixture.autoDetectChanges();
  const host = fixture.nativeElement as HTMLElement; // typed `any` by TestBed
  return {
    host,
    value: (): SecretChange | undefined => fixture.componentInstance.value(),
    async press(name: RegExp) {
      const button = [...host.querySelectorAll('button')].find((one) => name.test(one.textContent));
      button?.click();
      await fixture.whenStable();
    },
    async write(text: string) {
      const box = host.querySelector('input')!;
      box.value = text;
      box.dispatchEvent(new Event('input'));
      await fixture.whenStable();
    },
  };
}

describe('a secret that is not stored', () => {
  it('is what is typed; nothing typed changes nothing', async () => {
    const field = show();
    await field.write('hunter2');
    expect(field.value()).toEqual({ change: 'set', value: 'hunter2' });
    await field.write('');
    expect(field.value()).toEqual({ change: 'keep' });
  });

  it('is hidden while one types, until the person wants to see it', async () => {
    const field = show();
    await field.write('hunter2');
    expect(field.host.querySelector('input')?.type).toBe('password');
    field.host.querySelector<HTMLButtonElement>('[aria-pressed]')?.click();
    await expect.poll(() => field.host.querySelector('input')?.type).toBe('text');
  });
});

describe('a secret that is stored', () => {
  it('is never shown', () => {
    const { host } = show(STORED);
    expect(host.querySelector('input')).toBeNull();
    expect(host.textContent).toContain('Stored');
  });

  it('can be replaced, and be kept after all', async () => {
    const field = show(STORED);
    await field.press(/Replace/);
    await field.write('new');
    expect(field.value()).toEqual({ change: 'set', value: 'new' });
    await field.press(/Keep/);
    expect(field.value()).toEqual({ change: 'keep' });
    expect(field.host.querySelector('input')).toBeNull();
  });

  it('can be taken away, which is said before it happens', async () => {
    const field = show(STORED);
    await field.press(/^\s*Remove/);
    expect(field.value()).toEqual({ change: 'clear' });
    expect(field.host.textContent).toContain('Will be removed when you save');
  });
});

it('can be one of the named secrets', async () => {
  const field = show(undefined, [{ id: 's1', name: 'Relay' }]);
  await field.press(/named secret/);
  expect(field.value()).toEqual({ change: 'named', secretId: 's1' });
});
