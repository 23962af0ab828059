import type { Routes } from '@angular/router';
import { AccountPage } from './account-page';
import { ApiTokens } from './api-tokens';
import { NoticesTab } from './notices-tab';
import { ProfileTab } from './profile-tab';
import { SecurityTab } from './security-tab';

export const ACCOUNT_ROUTES: Routes = [
  {
    path: '',
    component: AccountPage,
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'profile' },
      { path: 'profile', component: ProfileTab },
      { path: 'security', component: SecurityTab },
      { path: 'tokens', component: ApiTokens },
      { path: 'notices', component: NoticesTab },
    ],
  },
];
