/** What an import has to say about each node. */
export type NoteLevel = 'ok' | 'info' | 'warning' | 'error';

export interface Note {
  readonly level: Exclude<NoteLevel, 'ok'>;
  readonly text: string;
}

export const info = (text: string): Note => ({ level: 'info', text });
export const warning = (text: string): Note => ({ level: 'warning', text });
export const failure = (text: string): Note => ({ level: 'error', text });

const ORDER: readonly NoteLevel[] = ['ok', 'info', 'warning', 'error'];

export const worstOf = (notes: readonly Note[]): NoteLevel =>
  notes.reduce<NoteLevel>((worst, { level }) => (ORDER.indexOf(level) > ORDER.indexOf(worst) ? level : worst), 'ok');
