import type { Routes } from '@angular/router';
import { AlarmDetail } from './alarm-detail';
import { AlarmStore } from './alarm-store';
import { AlarmsPage } from './alarms-page';

export const ALARM_ROUTES: Routes = [
  { path: '', component: AlarmsPage, providers: [AlarmStore], children: [{ path: ':id', component: AlarmDetail }] },
];
