import type { Routes } from '@angular/router';
import { TenantsPage } from './tenants-page';

export const TENANT_ROUTES: Routes = [{ path: '', component: TenantsPage }];
