import { z } from 'zod';

import { environmentSchema, VARIABLE_NAMES, type VariableName } from './environment.js';

interface ConfigRow {
  readonly name: string;
  readonly default: string;
  readonly doc: string;
}

const HEADER: ConfigRow = { name: 'Variable', default: 'Default', doc: 'Meaning' };

/** Every environment variable, for `npm start -- --help` and the README. */
export function configTable(format: 'text' | 'markdown'): string {
  const rows = VARIABLE_NAMES.map(toRow);
  return format === 'markdown' ? markdown(rows) : plain(rows);
}

function toRow(name: VariableName): ConfigRow {
  const schema: z.ZodType = environmentSchema.shape[name];
  const doc = schema.meta()?.['doc'];
  if (typeof doc !== 'string') throw new Error(`${name} has no doc line in environment.ts`);
  return { name, default: schema instanceof z.ZodPrefault ? String(schema.def.defaultValue) : '', doc };
}

function markdown(rows: readonly ConfigRow[]): string {
  const lines = rows.map((row) => `| \`${row.name}\` | ${row.default && `\`${row.default}\``} | ${row.doc} |`);
  return [`| ${HEADER.name} | ${HEADER.default} | ${HEADER.doc} |`, '| --- | --- | --- |', ...lines].join('\n');
}

function plain(rows: readonly ConfigRow[]): string {
  const all = [HEADER, ...rows];
  const width = (key: keyof ConfigRow) => Math.max(...all.map((row) => row[key].length)) + 2;
  const [name, fallback] = [width('name'), width('default')];
  return all
    .map((row) => row.name.padEnd(name) + row.default.padEnd(fallback) + row.doc.replaceAll('`', ''))
    .join('\n');
}
