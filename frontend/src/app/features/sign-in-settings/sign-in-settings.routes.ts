import type { Routes } from '@angular/router';
import { SignInSettingsPage } from './sign-in-settings-page';

export const SIGN_IN_SETTINGS_ROUTES: Routes = [{ path: '', component: SignInSettingsPage }];
