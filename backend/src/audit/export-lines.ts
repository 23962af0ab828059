import type { AuditEvent, AuditExportFormat } from '@signalpost/contracts';

/** How each format begins, and how it writes an event. */
interface LineFormat {
  readonly mediaType: string;
  readonly head: string;
  readonly line: (event: AuditEvent) => string;
}

/** Excel reads a CSV file as UTF-8 only if it begins so. */
const BYTE_ORDER_MARK = '\uFEFF';

const COLUMNS = {
  time: ({ at }) => new Date(at).toISOString(),
  tenant: ({ tenant }) => tenant.name,
  tenantId: ({ tenant }) => tenant.id,
  actor: ({ actor }) => ('email' in actor ? actor.email : actor.kind),
  actorKind: ({ actor }) => actor.kind,
  apiToken: ({ actor }) => ('tokenName' in actor ? actor.tokenName : ''),
  source: ({ source }) => source ?? '',
  action: ({ action }) => action,
  entityType: ({ entity }) => entity.type,
  entityId: ({ entity }) => entity.id ?? '',
  entityName: ({ entity }) => entity.name,
  changes: ({ changes }) => (changes.length === 0 ? '' : JSON.stringify(changes)),
} as const satisfies Record<string, (event: AuditEvent) => string>;

export const EXPORT_FORMATS: Readonly<Record<AuditExportFormat, LineFormat>> = {
  csv: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    head: BYTE_ORDER_MARK + csvLine(Object.keys(COLUMNS)),
    line: (event) => csvLine(Object.values(COLUMNS).map((column) => column(event))),
  },
  ndjson: {
    mediaType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (event) => `${JSON.stringify(event)}\n`,
  },
};

/** RFC 4180. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${harmless(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A spreadsheet would run a cell that begins like a formula; names are written by anybody. */
function harmless(cell: string): string {
  return /^\s*[=+\-@]|^[\t\r]/.test(cell) ? `'${cell}` : cell;
}

/** The text of a whole export, in pieces. */
export async function* exportText(
  events: AsyncIterable<AuditEvent>,
  format: AuditExportFormat,
): AsyncGenerator<string> {
  const { head, line } = EXPORT_FORMATS[format];
  if (head !== '') yield head;
  for await (const event of events) yield line(event);
}
