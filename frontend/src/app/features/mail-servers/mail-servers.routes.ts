import type { CanDeactivateFn, Routes } from '@angular/router';
import { ServerEditor } from './editor/server-editor';
import { FirstServer } from './first-server';
import { MailServersPage } from './mail-servers-page';
import { ApplicationsPage } from './oauth/applications-page';
import { ConnectorsPage } from './parts/connectors-page';
import { SecretsPage } from './parts/secrets-page';
import { ServerTabs } from './server-tabs';

/** What is typed is not lost by a click elsewhere. */
const asks: CanDeactivateFn<ServerEditor> = (editor) => editor.mayLeave();

export const MAIL_SERVER_ROUTES: Routes = [
  {
    path: '',
    component: MailServersPage,
    children: [
      { path: 'applications', component: ApplicationsPage },
      { path: 'secrets', component: SecretsPage },
      { path: 'connectors', component: ConnectorsPage },
      {
        path: '',
        component: ServerTabs,
        children: [
          { path: '', pathMatch: 'full', component: FirstServer },
          { path: 'new', component: ServerEditor, canDeactivate: [asks] },
          { path: ':id', component: ServerEditor, canDeactivate: [asks] },
        ],
      },
    ],
  },
];
