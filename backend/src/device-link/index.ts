export { DeviceLink, type DeviceNews, type DeviceSession, tellDevices } from './device-link.js';
export { DeviceLinkModule } from './device-link.module.js';
