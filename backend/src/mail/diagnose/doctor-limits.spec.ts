import { expect, it } from 'vitest';

import { DOCTOR_LIMITS, DoctorLimits } from './doctor-limits.js';

function limitsAt(start = 0) {
  const clock = { time: start, now: () => clock.time };
  return { clock, limits: new DoctorLimits(clock) };
}
const visit = (limits: DoctorLimits, port: number, tenant = 'one'): boolean => {
  const admission = limits.enter(tenant, 'mail.example.org', port);
  if (admission.ok) admission.leave();
  return admission.ok;
};

it('bounds what is under way at the same time, and counts a visit out once', () => {
  const { limits } = limitsAt();
  const entered = Array.from({ length: DOCTOR_LIMITS.together }, () => limits.enter('one', 'a.org', 25));
  expect(entered.every(({ ok }) => ok)).toBe(true);
  expect(limits.enter('one', 'a.org', 25)).toMatchObject({ ok: false, retryAfterSeconds: 15 });
  expect(limits.enter('two', 'a.org', 25)).toMatchObject({ ok: true });
  const [first] = entered;
  if (first?.ok === true) [first.leave, first.leave].forEach((leave) => leave());
  expect(limits.enter('one', 'a.org', 25)).toMatchObject({ ok: true });
  expect(limits.enter('one', 'a.org', 25)).toMatchObject({ ok: false });
});

it('is no port scanner: few different hosts and ports an hour, whatever the case of the name', () => {
  const { limits, clock } = limitsAt();
  const ports = Array.from({ length: 100 }, (_, index) => index + 1);
  expect(ports.filter((port) => visit(limits, port))).toHaveLength(DOCTOR_LIMITS.endpoints);
  expect(limits.enter('one', 'MAIL.example.org', 1)).toMatchObject({ ok: true });
  expect(visit(limits, 99, 'two')).toBe(true);
  clock.time += 3_600_000;
  expect(visit(limits, 99)).toBe(true);
});

it('lets one server be tested often, but not all the time, and says how long to wait', () => {
  const { limits, clock } = limitsAt();
  for (let count = 0; count < DOCTOR_LIMITS.visitsToOne; count++) expect(visit(limits, 25)).toBe(true);
  clock.time += 3_000_000;
  expect(limits.enter('one', 'mail.example.org', 25)).toMatchObject({ ok: false, retryAfterSeconds: 600 });
  const others = Array.from({ length: DOCTOR_LIMITS.visits - DOCTOR_LIMITS.visitsToOne }, () => visit(limits, 587));
  expect(new Set(others)).toEqual(new Set([true]));
  expect(visit(limits, 465)).toBe(false);
});
