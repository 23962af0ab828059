export { AlarmBatch, type AlarmChange } from './alarm-batch.js';
export { alarmEvent } from './alarm-events.js';
export { AlarmMutes } from './alarm-mutes.js';
export { AlarmsModule } from './alarms.module.js';
