import { getCACertificates } from 'node:tls';

import type { DoctorStep, DoctorStepName } from '@signalpost/contracts';

import { afterAll, afterEach, expect } from 'vitest';

import { EgressGuard } from '../../net/index.js';
import { certificateFor, startRaw, startSmtp, testCa } from '../smtp-servers.testing.js';
import type { LookUpTxt } from './dns-records.js';
import type { DoctorAuth, DoctorTarget } from './doctor-target.js';
import { Doctor, type Examination } from './doctor.js';

export const SECRET = 'tell-nobody-42';
export const TOKEN = `eyJhbGciOiJub25lIn0.${Buffer.from(
  JSON.stringify({
    aud: 'https://outlook.office365.com',
    scp: 'SMTP.Send',
    upn: 'box@example.org',
    exp: 4_000_000_000,
  }),
).toString('base64url')}.c2lnbmF0dXJl`;
/** Looks like nothing in particular. */
export const OPAQUE = 'q7Zk2Lw9Xv4T';
/** A secret behind 0, 1 or 2 other bytes, in base64, without the edges. */
const SPELLINGS = [SECRET, TOKEN, OPAQUE, 'fresh-token'].flatMap((secret) => [
  secret,
  ...[0, 1, 2].map((offset) =>
    Buffer.from('x'.repeat(offset) + secret)
      .toString('base64')
      .slice(4, 14),
  ),
]);
export const BASIC: DoctorAuth = { kind: 'basic', username: 'user', password: SECRET };

export const tokenAuth = (
  tokens: readonly string[],
  usernames = ['box@example.org'],
): Extract<DoctorAuth, { kind: 'oauth2' }> & { asked: boolean[] } => {
  const asked: boolean[] = [];
  return {
    kind: 'oauth2',
    usernames,
    asked,
    token: ({ force }) => {
      asked.push(force);
      const token = tokens[Math.min(asked.length, tokens.length) - 1] ?? TOKEN;
      return Promise.resolve({ ok: true, value: { token, expiresAt: 4_000_000_000_000 } });
    },
  };
};

export const target = (port: number, settings: Partial<DoctorTarget> = {}): DoctorTarget => ({
  host: 'localhost',
  port,
  tls: 'none',
  trust: { ca: [...getCACertificates('default'), testCa] },
  ehloName: 'signalpost.test',
  auth: { kind: 'none' },
  mayUseCleartext: true,
  from: 'alarm@example.org',
  timeouts: { connectMs: 5_000, greetingMs: 5_000, replyMs: 5_000 },
  egress: new EgressGuard(['127.0.0.0/8', '::1']),
  ...settings,
});

/** Every report of a spec file, to look for secrets in all of them. */
export const reports: Examination[] = [];

const RECORDS: Readonly<Record<string, string>> = {
  'example.org': 'v=spf1 include:_spf.example.net -all',
  '_dmarc.example.org': 'v=DMARC1; p=reject',
};
export const publishedRecords: LookUpTxt = (name) => Promise.resolve([RECORDS[name] ?? []].flat());

export async function examine(wanted: DoctorTarget, lookUp: LookUpTxt = publishedRecords): Promise<Examination> {
  const heard: DoctorStep[] = [];
  const report = await new Doctor(lookUp).run(wanted, (step) => heard.push(step));
  if (JSON.stringify(heard) !== JSON.stringify(report.steps)) throw new Error('The steps heard are not those reported');
  reports.push(report);
  return report;
}

/** The last step of a name: after STARTTLS, `ehlo` comes twice. */
export const stepOf = <Step extends DoctorStepName>({ steps }: Examination, name: Step) =>
  steps.findLast((step): step is Extract<DoctorStep, { step: Step }> => step.step === name);

const closing: (() => Promise<void>)[] = [];
export const kept = async <T extends { close(): Promise<void> }>(started: Promise<T>): Promise<T> => {
  const server = await started;
  closing.push(() => server.close());
  return server;
};

/** For each spec of the doctor: closes what a test started, and in the end looks for secrets in every report. */
export function watchOverReports(atLeast = 5): void {
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });
  afterAll(() => {
    expect(reports.length).toBeGreaterThan(atLeast);
    expect(SPELLINGS.filter((spelling) => JSON.stringify(reports).includes(spelling))).toEqual([]);
  });
}

export const QUICK = { connectMs: 1_000, greetingMs: 200, replyMs: 300 };

/** A real server whose sign-in takes the password of `BASIC`. */
export const openServer = (options: Parameters<typeof startSmtp>[0] = {}) =>
  startSmtp({
    ...certificateFor('localhost'),
    disabledCommands: [],
    authOptional: false,
    onAuth: ({ username, password }, _session, done) =>
      password === SECRET ? done(null, { user: username ?? '' }) : done(new Error('no')),
    ...options,
  });

/** Offers one mechanism and answers everything but EHLO as the spec says. */
export const refusing = (mechanism: string, refusal: (line: string) => string) =>
  startRaw(
    (socket) => socket.write('220 hi\r\n'),
    (line, socket) => {
      const reply = line.startsWith('EHLO') ? `250-t\r\n250 AUTH ${mechanism}` : refusal(line);
      socket.write(`${reply}\r\n`);
    },
  );

export const states = ({ steps }: Examination): string[] => steps.map(({ step, state }) => `${step} ${state}`);
