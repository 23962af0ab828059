import type { Routes } from '@angular/router';
import { notSignedIn, signedIn } from './core/session/session.guards';
import { UnreachablePage } from './features/unreachable/unreachable-page';
import { AREA_ROUTES } from './pages';
import { Shell } from './shell/shell';

export const ROUTES: Routes = [
  {
    path: 'sign-in',
    title: 'signIn.title',
    canActivate: [notSignedIn],
    loadComponent: () => import('./features/sign-in/sign-in-page').then((file) => file.SignInPage),
  },
  {
    path: 'setup',
    title: 'setup.title',
    loadComponent: () => import('./features/setup/setup-page').then((file) => file.SetupPage),
  },
  {
    path: 'unreachable',
    title: 'problem.unreachable.title',
    component: UnreachablePage,
  },
  {
    path: '',
    component: Shell,
    canActivate: [signedIn],
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: 'nav.home',
        loadComponent: () => import('./features/home/home-page').then((file) => file.HomePage),
      },
      ...AREA_ROUTES,
      {
        path: 'account',
        title: 'nav.account',
        loadComponent: () => import('./features/account/account-page').then((file) => file.AccountPage),
      },
      {
        path: '**',
        title: 'notFound.title',
        loadComponent: () => import('./features/not-found/not-found-page').then((file) => file.NotFoundPage),
      },
    ],
  },
];
