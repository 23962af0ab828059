import { MatButton, MatIconButton } from '@angular/material/button';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import { Page } from '../page/page';
import { SearchField } from '../search/search-field';
import { EmptyList } from '../state/empty-list';
import { ManagedTag } from '../status/managed-tag';
import { ListTable } from './list-table';

/** What a page is made of that shows a list to search, with actions in each line. */
export const LIST_PARTS = [
  EmptyList,
  ListTable,
  ManagedTag,
  MatButton,
  MatIcon,
  MatIconButton,
  MatMenu,
  MatMenuItem,
  MatMenuTrigger,
  Page,
  RouterLink,
  SearchField,
  TranslocoPipe,
] as const;
