import { TestBed } from '@angular/core/testing';
import { beforeEach, expect, it, vi } from 'vitest';
import { answer, element, open, providePage } from '../page.testing';
import { MailOverview } from './mail-overview';

beforeEach(() => {
  TestBed.configureTestingModule({ providers: providePage() });
});

it('counts the mails that wait and those that reached nobody, and marks only the latter', async () => {
  const fixture = open(MailOverview);
  await answer('/api/mail/deliveries/counts', { waiting: 1_234, refused: 0, expired: 2 });
  await answer('/api/mail/deliveries?limit=4', { items: [], nextCursor: null });
  const tiles = () =>
    [...element(fixture).querySelectorAll('.tiles a')].map((tile) => [
      tile.textContent.trim(),
      tile.classList.contains('bad'),
    ]);
  await vi.waitFor(() =>
    expect(tiles()).toEqual([
      ['1,234Waiting', false],
      ['0Refused', false],
      ['2Expired', true],
    ]),
  );
});
