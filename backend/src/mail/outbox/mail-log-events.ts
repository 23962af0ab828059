import { SYSTEM_TENANT_ID } from '../../access/index.js';
import { CoalescedEvents, type EventBus } from '../../http/events/index.js';

/** Tells open pages that a mail log changed: the tenant's, and the system's, which shows the system's mails to everybody. */
export class MailLogEvents extends CoalescedEvents {
  constructor(bus: Pick<EventBus, 'publish'>) {
    super(bus, 'mail-log');
  }

  override changed(tenantId: string): void {
    super.changed(tenantId);
    if (tenantId !== SYSTEM_TENANT_ID) super.changed(SYSTEM_TENANT_ID);
  }
}
