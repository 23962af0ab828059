import type { CanDeactivateFn, Routes } from '@angular/router';
import { BrandingPage } from './branding-page';
import { MailTemplatesPage } from './mail-templates-page';
import { TemplateEditor } from './template-editor';

/** What is typed is not lost by a click elsewhere. */
const asks: CanDeactivateFn<{ mayLeave(): Promise<boolean> }> = (page) => page.mayLeave();

export const MAIL_TEMPLATE_ROUTES: Routes = [
  { path: '', component: MailTemplatesPage },
  { path: 'looks', component: BrandingPage, canDeactivate: [asks] },
  { path: ':id/:language', component: TemplateEditor, canDeactivate: [asks] },
];
