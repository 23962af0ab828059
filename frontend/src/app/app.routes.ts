import type { Routes } from '@angular/router';
import { notSignedIn, signedIn } from './core/session/session.guards';
import { LINK_ROUTES } from './features/links/links.routes';
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
    path: 'sign-in/second-factor',
    title: 'secondFactor.title',
    canActivate: [notSignedIn],
    loadComponent: () => import('./features/sign-in/second-factor-page').then((file) => file.SecondFactorPage),
  },
  {
    path: 'setup',
    title: 'setup.title',
    loadComponent: () => import('./features/setup/setup-page').then((file) => file.SetupPage),
  },
  ...LINK_ROUTES,
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
        loadChildren: () => import('./features/account/account.routes').then((file) => file.ACCOUNT_ROUTES),
      },
      {
        path: '**',
        title: 'notFound.title',
        loadComponent: () => import('./features/not-found/not-found-page').then((file) => file.NotFoundPage),
      },
    ],
  },
];
