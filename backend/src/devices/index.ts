export { Customers } from './customers.js';
export { CustomerRemoval, DeviceRemoval, type Forgetter } from './device-removal.js';
export { Devices, type DeviceWithToken } from './devices.js';
export { DevicesModule } from './devices.module.js';
