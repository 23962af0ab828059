import { HttpEventType } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DoctorOffer, DoctorReport, DoctorStep } from '../../../core/api/models';
import { call, element, open, providePage, text } from '../../page.testing';
import { DoctorPanel } from './doctor-panel';
import { GrowingLines } from './ndjson';
import { taken } from './offers';

const DNS: DoctorStep = { step: 'dns', state: 'ok', ms: 3, detail: 'One address.' };
const AUTH: DoctorStep = {
  ...{ step: 'auth', state: 'failed', ms: 9, detail: '535 5.7.139 disabled for the Tenant' },
  ...{ cause: 'SMTP is switched off.', fix: 'Take Graph.', offer: { kind: 'switch-transport', transport: 'graph' } },
};
const REPORT: DoctorReport = {
  healthy: false,
  findings: [],
  steps: [DNS, AUTH],
  transcript: [{ ms: 1, from: 'server', text: '220 hi' }],
};
const line = (event: object): string => JSON.stringify(event) + '\n';

beforeEach(() => {
  TestBed.configureTestingModule({ providers: providePage() });
  Element.prototype.scrollIntoView = () => undefined; // jsdom has no layout to scroll in
});

it('takes each line once, and none before it is whole', () => {
  const lines = new GrowingLines();
  const whole = line({ kind: 'step', step: DNS });
  expect(lines.take(whole.slice(0, 9))).toEqual([]);
  expect(lines.take(whole + '{"kind"')).toEqual([{ kind: 'step', step: DNS }]);
  expect(lines.take(whole + 'nonsense\n')).toEqual([]);
});

describe('the doctor', () => {
  async function visit() {
    const fixture = open(DoctorPanel, { patient: { url: '/api/mail/servers/s1/diagnose', body: {} } });
    element(fixture).querySelector('button')?.click();
    return { fixture, request: await call('/api/mail/servers/s1/diagnose') };
  }

  it('shows steps as they come, then the verdict', async () => {
    const { fixture, request } = await visit();
    const first = line({ kind: 'step', step: DNS });
    request.event({ type: HttpEventType.DownloadProgress, loaded: 1, partialText: first } as never); // as browsers report text
    await expect.poll(() => text(fixture)).toMatch(/Find the host.*Looking/);
    request.flush(first + line({ kind: 'step', step: AUTH }) + line({ kind: 'report', report: REPORT }));
    await expect
      .poll(() => text(fixture))
      .toMatch(/It does not work like this.*Sign in.*SMTP is switched off.\s*Take Graph/);
  });

  it('offers the click that helps', async () => {
    const { fixture, request } = await visit();
    const offers: DoctorOffer[] = [];
    fixture.componentInstance.offered.subscribe((offer) => offers.push(offer));
    request.flush(line({ kind: 'step', step: AUTH }) + line({ kind: 'report', report: REPORT }));
    await expect
      .poll(() => element(fixture).querySelector<HTMLButtonElement>('sp-advice button')?.textContent)
      .toContain('Microsoft Graph');
    element(fixture).querySelector<HTMLButtonElement>('sp-advice button')?.click();
    expect(offers).toEqual([AUTH.offer]);
  });

  it('says why it could not look', async () => {
    const { fixture, request } = await visit();
    const body = { title: 'Too many requests.', code: 'too-many-requests', advice: 'Wait.', retryable: true };
    request.flush(JSON.stringify(body), { status: 429, statusText: 'no' });
    await expect.poll(() => text(fixture)).toContain('Too many requests.');
  });
});

it.each([
  [
    { kind: 'switch-transport', transport: 'graph' },
    { transport: 'graph', auth: { kind: 'oauth2' } },
  ],
  [
    { kind: 'set-tls', tls: 'implicit', port: 465 },
    { tls: 'implicit', port: 465 },
  ],
  [{ kind: 'set-username', username: 'apikey' }, { auth: { username: 'apikey' } }],
  [{ kind: 'set-max-connections', maxConnections: 3 }, { maxConnections: 3 }],
] satisfies [DoctorOffer, object][])('takes the offer %o', (offer, settings) => {
  expect(taken(offer, {})).toEqual(settings);
});
