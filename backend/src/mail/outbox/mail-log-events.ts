import { CoalescedEvents, type EventBus } from '../../http/events/index.js';

/** Tells open pages that a tenant's mail log changed. */
export class MailLogEvents extends CoalescedEvents {
  constructor(bus: Pick<EventBus, 'publish'>) {
    super(bus, 'mail-log');
  }
}
