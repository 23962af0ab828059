import type { Routes } from '@angular/router';
import { InboxPage } from './inbox-page';
import { InboxStore } from './inbox-store';
import { MessageDetail } from './message-detail';

export const INBOX_ROUTES: Routes = [
  { path: '', component: InboxPage, providers: [InboxStore], children: [{ path: ':id', component: MessageDetail }] },
];
