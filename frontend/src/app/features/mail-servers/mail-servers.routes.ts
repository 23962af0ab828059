import type { Routes } from '@angular/router';
import { MailServersPage } from './mail-servers-page';

export const MAIL_SERVER_ROUTES: Routes = [{ path: '', component: MailServersPage }];
