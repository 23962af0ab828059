import { expect, it } from 'vitest';

import { createLog, nestLogger } from './index.js';

const lines = (level: string, write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] => {
  const written: string[] = [];
  write(createLog(level, { write: (line) => written.push(line) }));
  return written.map((line) => JSON.parse(line) as Record<string, unknown>); // pino writes objects
};

it('keeps secrets out, wherever a caller puts them', () => {
  const text = JSON.stringify(
    lines('info', (log) => {
      log.info({ password: 'hunter2', user: { token: 'hunter2', deep: { accessToken: 'hunter2' } } }, 'x');
      log.info({ req: { headers: { authorization: 'hunter2', cookie: 'hunter2' } } }, 'x');
    }),
  );
  expect(text).not.toContain('hunter2');
  expect(text).toContain('[secret]');
});

it('writes the errors of the framework, and its chatter only when asked', () => {
  const talk = (log: ReturnType<typeof createLog>): void => {
    nestLogger(log).log('Nest application successfully started', 'NestApplication');
    nestLogger(log).error('No provider', 'stack', 'Injector');
  };
  expect(lines('info', talk)).toMatchObject([{ level: 50, msg: 'No provider', context: 'Injector' }]);
  expect(lines('debug', talk)).toHaveLength(2);
});
