import type { Routes } from '@angular/router';
import { DeadLettersPage } from './dead-letters-page';

export const DEAD_LETTER_ROUTES: Routes = [{ path: '', component: DeadLettersPage }];
