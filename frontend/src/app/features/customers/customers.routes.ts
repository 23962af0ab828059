import type { Routes } from '@angular/router';
import { CustomersPage } from './customers-page';

export const CUSTOMER_ROUTES: Routes = [{ path: '', component: CustomersPage }];
