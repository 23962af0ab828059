import type { Routes } from '@angular/router';

/** What links in mails open, and the way to such a mail; nobody needs to be signed in. */
export const LINK_ROUTES: Routes = [
  {
    path: 'activate',
    title: 'links.activate.title',
    loadComponent: () => import('./activate-page').then((file) => file.ActivatePage),
  },
  {
    path: 'reset',
    title: 'links.reset.title',
    loadComponent: () => import('./reset-page').then((file) => file.ResetPage),
  },
  {
    path: 'forgot-password',
    title: 'links.forgot.title',
    loadComponent: () => import('./forgot-page').then((file) => file.ForgotPage),
  },
  {
    path: 'confirm-address',
    title: 'links.address-confirmation.title',
    data: { expected: 'address-confirmation' },
    loadComponent: () => import('./deed-page').then((file) => file.DeedPage),
  },
  {
    path: 'unlock',
    title: 'links.unlock.title',
    data: { expected: 'unlock' },
    loadComponent: () => import('./deed-page').then((file) => file.DeedPage),
  },
];
