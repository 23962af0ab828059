import type { DoctorEvent } from '../../../core/api/models';

/** The whole lines of a text that grows (NDJSON), each once. */
export class GrowingLines {
  private read = 0;

  /** @param text everything until now @returns the events that are new */
  take(text: string): readonly DoctorEvent[] {
    const end = text.lastIndexOf('\n') + 1;
    const fresh = text.slice(this.read, Math.max(end, this.read));
    this.read = Math.max(end, this.read);
    return fresh.split('\n').filter(Boolean).flatMap(eventOf);
  }
}

/** A line that is none of ours is left out: the answer ends with a report or a problem anyway. */
function eventOf(line: string): DoctorEvent[] {
  try {
    const value: unknown = JSON.parse(line);
    const isEvent = typeof value === 'object' && value !== null && 'kind' in value;
    return isEvent ? [value as DoctorEvent] : []; // our own server says it, of our own version
  } catch {
    return [];
  }
}
