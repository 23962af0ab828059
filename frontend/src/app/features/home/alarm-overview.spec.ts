import { TestBed } from '@angular/core/testing';
import { beforeEach, expect, it, vi } from 'vitest';
import { ScriptedEventSource } from '../../core/events/event-source.testing';
import { answer, element, open, providePage, text } from '../page.testing';
import { AlarmOverview } from './alarm-overview';

const NOBODY = { CRITICAL: 0, MAJOR: 0, MINOR: 0, WARNING: 0, INDETERMINATE: 0 };
const NEWEST = '/api/alarms?limit=5&status=active';

beforeEach(() => {
  TestBed.configureTestingModule({ providers: providePage() });
});

async function answerCounts(active: number, bySeverity: object): Promise<void> {
  await answer('/api/alarms/counts', { active, bySeverity: { ...NOBODY, ...bySeverity } });
  await answer(NEWEST, { items: [], nextCursor: null });
}

it('counts all active alarms, each severity apart, and follows them', async () => {
  const fixture = open(AlarmOverview);
  const counts = () => [...element(fixture).querySelectorAll('.tile')].map((tile) => tile.textContent.trim());
  await answerCounts(12_345, { CRITICAL: 12_000, MINOR: 345 });
  await vi.waitFor(() =>
    expect(counts()).toEqual([
      expect.stringMatching(/^12,345\s*active/),
      expect.stringMatching(/^12,000\s*Critical/),
      expect.stringMatching(/^0\s*Major/),
      expect.stringMatching(/^345\s*Minor/),
      expect.stringMatching(/^0\s*Warning/),
      expect.stringMatching(/^0\s*Indeterminate/),
    ]),
  );
  ScriptedEventSource.last.say({ topic: 'alarms', kind: 'changed', id: null });
  await answerCounts(0, {});
  await vi.waitFor(() => expect(text(fixture)).toContain('All quiet'));
});
