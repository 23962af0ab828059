import type { Alarm, AlarmKey, AlarmPort, AlarmRaised, AlarmWrite } from '../node/ports.js';

/** Alarms in memory, at most one active per originator and type, as the host keeps them. */
export class InMemoryAlarms implements AlarmPort {
  readonly all: Alarm[] = [];

  constructor(readonly now: () => number) {}

  findActive(keys: readonly AlarmKey[]): Promise<(Alarm | null)[]> {
    return Promise.resolve(keys.map((key) => this.#active(key) ?? null));
  }

  findById(ids: readonly string[]): Promise<(Alarm | null)[]> {
    return Promise.resolve(ids.map((id) => this.all.find((alarm) => alarm.id === id) ?? null));
  }

  raise(writes: readonly AlarmWrite[]): Promise<AlarmRaised[]> {
    return Promise.resolve(writes.map((write) => this.#raise(write)));
  }

  clear(calls: Parameters<AlarmPort['clear']>[0]): Promise<(Alarm | null)[]> {
    return Promise.resolve(calls.map(({ id, details }) => this.#clear(id, details)));
  }

  #active({ originator, type }: AlarmKey): Alarm | undefined {
    return this.all.find((alarm) => !alarm.cleared && alarm.type === type && alarm.originator.id === originator.id);
  }

  #raise(write: AlarmWrite): AlarmRaised {
    const before = this.#active(write);
    if (!before) return { alarm: this.#store(created(write, this.now())), change: 'created' };
    const { severity, details, propagate, propagateToOwner, propagateToTenant, propagateRelationTypes } = write;
    const changed = { severity, details, propagate, propagateToOwner, propagateToTenant, propagateRelationTypes };
    return { alarm: this.#store({ ...before, ...changed, endTs: this.now() }), change: 'updated' };
  }

  #clear(id: string, details: Alarm['details']): Alarm | null {
    const alarm = this.all.find((each) => each.id === id && !each.cleared);
    if (!alarm) return null;
    const status = alarm.acknowledged ? 'CLEARED_ACK' : 'CLEARED_UNACK';
    return this.#store({ ...alarm, details, status, cleared: true, clearTs: this.now() });
  }

  #store(alarm: Alarm): Alarm {
    const place = this.all.findIndex((each) => each.id === alarm.id);
    this.all.splice(place < 0 ? this.all.length : place, 1, alarm);
    return alarm;
  }
}

const created = (write: AlarmWrite, now: number): Alarm => ({
  ...write,
  createdTime: now,
  originatorName: null,
  status: 'ACTIVE_UNACK',
  acknowledged: false,
  cleared: false,
  endTs: write.startTs,
  ackTs: 0,
  clearTs: 0,
});
