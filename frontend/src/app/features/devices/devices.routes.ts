import type { Routes } from '@angular/router';
import { DeviceDetail } from './device-detail';
import { DeviceStore } from './device-store';
import { DevicesPage } from './devices-page';

export const DEVICE_ROUTES: Routes = [
  { path: '', component: DevicesPage, providers: [DeviceStore], children: [{ path: ':id', component: DeviceDetail }] },
];
