import type { Routes } from '@angular/router';
import { DeliveryDetailPanel } from './delivery-detail';
import { DeliveryStore } from './delivery-store';
import { MailLogPage } from './mail-log-page';

export const MAIL_LOG_ROUTES: Routes = [
  {
    path: '',
    component: MailLogPage,
    providers: [DeliveryStore],
    children: [{ path: ':id', component: DeliveryDetailPanel }],
  },
];
