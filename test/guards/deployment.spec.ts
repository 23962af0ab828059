import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { parse } from 'yaml';

import { configTable } from '../../backend/dist/config/index.js';
import { ROOT } from './source-files.js';

interface Service {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly user?: string;
  readonly healthcheck?: object;
}

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
const services = Object.entries(compose.services);
const dockerfile = read('backend/Dockerfile').replaceAll('\\\n', ' ').split('\n');
const variables = configTable('text')
  .split('\n')
  .map((line) => line.split(' ')[0] ?? '');

it.each(services)('runs %s without privileges on a read-only file system, from a fixed version', (_name, service) => {
  expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  expect(service.image).toMatch(/:[\w.-]+$/);
  expect(service.image).not.toMatch(/:latest$/);
  const user = service.build === undefined ? service.user : dockerfile.findLast((line) => line.startsWith('USER '));
  expect(user).toBeDefined();
});

it.each(services)('knows whether %s is well', (_name, service) => {
  const own = service.build !== undefined && dockerfile.some((line) => line.startsWith('HEALTHCHECK '));
  expect(service.healthcheck ?? own).toBeTruthy();
});

it('sets only variables that the product has', () => {
  const set = Object.keys(compose.services['app']?.environment ?? {});
  const inImage = dockerfile
    .filter((line) => line.startsWith('ENV '))
    .flatMap((line) => line.match(/[A-Z_]+(?==)/g) ?? []);
  const inUnit = read('backend/deploy/signalpost.service').match(/(?<=^Environment=.*)\b[A-Z_]+(?==)/gm) ?? [];
  expect([...set, ...inImage, ...inUnit].filter((name) => name !== 'NODE_ENV' && !variables.includes(name))).toEqual(
    [],
  );
});

it('copies only what there is', () => {
  const sources = dockerfile
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
    .flatMap((line) => line.split(/\s+/).slice(1, -1));
  expect(sources.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
});

it('starts the service without building', () => {
  const unit = read('backend/deploy/signalpost.service');
  expect(unit).toMatch(/^ExecStart=\/\S+\/node .*backend\/dist\/main\.js$/m);
  expect(unit).not.toMatch(/^ExecStart.*(npm|run\.mjs)/m);
});

it('starts the product everywhere with the same options of Node', () => {
  const { config } = JSON.parse(read('package.json')) as { config: { nodeOptions: string } };
  const command = dockerfile.findLast((line) => line.startsWith('CMD '))?.replaceAll(/["\],]/g, '');
  const line = `node ${config.nodeOptions} backend/dist/main.js`;
  expect(command).toMatch(new RegExp(`\\[${line}$`));
  expect(read('backend/deploy/signalpost.service')).toMatch(new RegExp(`^ExecStart=/\\S+/${line}$`, 'm'));
});
