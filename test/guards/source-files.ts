import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NOT_OURS = new Set(['node_modules', 'dist', '.nx', '.angular', '.git', 'coverage', 'data', 'screenshots']);
const GENERATED = ['frontend/src/app/core/api'];

export interface SourceFile {
  /** From the top folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every file that somebody writes, of these endings. */
export function sourceFiles(...endings: readonly string[]): SourceFile[] {
  return filesBelow(ROOT)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = relative(ROOT, join(folder, entry.name)).replaceAll('\\', '/');
    if (NOT_OURS.has(entry.name) || GENERATED.includes(path)) return [];
    if (entry.isDirectory()) return filesBelow(join(ROOT, path));
    return entry.isFile() ? [path] : [];
  });
}

export const isTestSupport = (path: string): boolean => /\.(spec|testing)\.ts$/.test(path) || path.startsWith('test/');
