export { CoalescedEvents } from './coalesced-events.js';
export { EventBus, type EventListener, type TenantEvent } from './event-bus.js';
export { EventsModule } from './events.module.js';
