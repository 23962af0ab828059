import { readFileSync } from 'node:fs';

import type { z } from 'zod';

import { environmentSchema, VARIABLE_NAMES, type Environment } from './environment.js';
import { errorCode, StartError } from './start-error.js';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;

type Settings = { readonly [K in keyof Environment as CamelCase<K>]: Environment[K] };

/** The settings of this process: `DATABASE_POOL_SIZE` is `databasePoolSize`, and so on. */
export type Config = Settings & { readonly publicUrl: string };

/** Nest token of `Config`. */
export const CONFIG = Symbol('CONFIG');

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings from environment variables; each may stand in a file named by `NAME_FILE`. Empty means unset.
 * @throws StartError with one line for each bad value, naming the variable and what it must be; values are never repeated.
 */
export function loadConfig(env: Variables): Config {
  const problems: string[] = [];
  const given = VARIABLE_NAMES.map((name) => [name, readVariable(env, name, problems)] as const);
  const result = environmentSchema.safeParse(Object.fromEntries(given.filter(([, value]) => value !== undefined)));
  if (!result.success) problems.push(...result.error.issues.map(describe));
  if (result.success) problems.push(...contradictions(result.data));
  if (problems.length > 0 || !result.success)
    throw new StartError(`The configuration is not valid.\n${problems.join('\n')}`);
  return toConfig(result.data);
}

function readVariable(env: Variables, name: string, problems: string[]): string | undefined {
  const value = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return value;
  if (value !== undefined) problems.push(`${name}: is set twice, as ${name} and as ${name}_FILE; unset one of them.`);
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    problems.push(
      `${name}_FILE: ${file} cannot be read (${errorCode(error) ?? 'unknown error'}); name a readable file.`,
    );
    return undefined;
  }
}

const describe = (issue: z.core.$ZodIssue): string => `${issue.path.join('.')}: ${issue.message}.`;

function contradictions(env: Environment): string[] {
  if (env.DATABASE_URL === undefined || env.SECRET_KEYS !== undefined) return [];
  return [
    'SECRET_KEYS: is needed together with DATABASE_URL, so that every instance opens the same secrets. ' +
      "Make one with: node -p \"'k1:'+crypto.randomBytes(32).toString('base64')\"",
  ];
}

function toConfig(env: Environment): Config {
  const entries = VARIABLE_NAMES.map((name) => [camelCase(name), env[name]] as const);
  const settings = Object.fromEntries(entries) as Settings; // the mapped type above says the same as camelCase below
  return { ...settings, publicUrl: settings.publicUrl ?? `http://localhost:${settings.port}` };
}

const camelCase = (name: string): string =>
  name.toLowerCase().replace(/_(.)/g, (_match, letter: string) => letter.toUpperCase());

/** Only this machine can reach such an address. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/.test(host);
