export { Customers } from './customers.js';
export { DeviceRemoval, type DeviceForgetter } from './device-removal.js';
export { Devices, type DeviceWithToken } from './devices.js';
export { DevicesModule } from './devices.module.js';
