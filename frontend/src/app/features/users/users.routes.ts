import type { Routes } from '@angular/router';
import { UsersPage } from './users-page';

export const USER_ROUTES: Routes = [{ path: '', component: UsersPage }];
