export { DeviceLink, type DeviceNews, type DeviceSession } from './device-link.js';
export { DeviceLinkModule } from './device-link.module.js';
