import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { parseDocument } from 'yaml';
import type { z } from 'zod';

import { errorCode } from '../config/index.js';
import { replaceMacros, type Variables } from './macros.js';
import { ProvisioningError, toPath, type FileProblem } from './provisioning-error.js';
import { provisioningFileSchema, type ProvisioningFile } from './provisioning-file.js';

/** A file that is well-formed in itself, and where it lies: file names in it are relative to its folder. */
export interface LoadedFile {
  readonly path: string;
  readonly folder: string;
  readonly content: ProvisioningFile;
}

/** @throws ProvisioningError with every problem and its path */
export function readProvisioningFile(file: string, variables: Variables): LoadedFile {
  const path = resolve(file);
  const fail = (problems: readonly FileProblem[]): never => {
    throw new ProvisioningError(path, problems);
  };
  const { value, problems, wholeMacros } = replaceMacros(parseYaml(readText(path, fail), fail), variables);
  if (problems.length > 0) fail(problems);
  const result = provisioningFileSchema.safeParse(value);
  if (result.success) return { path, folder: dirname(path), content: result.data };
  const again = provisioningFileSchema.safeParse(retype(value, result.error.issues, wholeMacros));
  if (again.success) return { path, folder: dirname(path), content: again.data };
  return fail(again.error.issues.flatMap(describe));
}

function readText(path: string, fail: (problems: readonly FileProblem[]) => never): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return fail([{ path: '', message: `It cannot be read (${errorCode(error) ?? 'unknown error'}).` }]);
  }
}

function parseYaml(text: string, fail: (problems: readonly FileProblem[]) => never): unknown {
  const document = parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  if (document.errors.length > 0)
    fail(document.errors.map((error) => ({ path: '', message: error.message.split('\n', 1)[0] ?? '' })));
  try {
    return document.toJS() as unknown; // typed `any` by yaml
  } catch (error) {
    return fail([{ path: '', message: error instanceof Error ? error.message : String(error) }]);
  }
}

/** A value that is one macro is a text; where the field wants a number or a boolean, it becomes one if it reads like one. */
function retype(value: unknown, issues: readonly z.core.$ZodIssue[], wholeMacros: ReadonlySet<string>): unknown {
  const wanted = issues.filter((issue) => issue.code === 'invalid_type' && wholeMacros.has(toPath(issue.path)));
  const paths = new Map(
    wanted.map((issue) => [toPath(issue.path), issue.code === 'invalid_type' ? issue.expected : '']),
  );
  const walk = (inner: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof inner === 'string') return toScalar(inner, paths.get(toPath(path)));
    if (Array.isArray(inner)) return inner.map((item, index) => walk(item, [...path, index]));
    if (typeof inner !== 'object' || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return walk(value, []);
}

function toScalar(text: string, wanted: string | undefined): unknown {
  if (wanted === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  if ((wanted === 'number' || wanted === 'int') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

function describe(issue: z.core.$ZodIssue): FileProblem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: toPath(issue.path), message: issue.message }];
  return issue.keys.map((key) => ({ path: toPath([...issue.path, key]), message: 'unknown key' }));
}
