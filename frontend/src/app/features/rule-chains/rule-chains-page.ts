import { Component, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatIcon } from '@angular/material/icon';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { TranslocoPipe } from '@jsverse/transloco';
import type { RuleChain } from '../../core/api/models';
import { CountPipe } from '../../core/i18n/count.pipe';
import { FileDrop } from '../../ui/drop/file-drop';
import { Page } from '../../ui/page/page';
import { EmptyState } from '../../ui/state/empty-state';
import { ListState } from '../../ui/state/list-state';
import { ManagedTag } from '../../ui/status/managed-tag';
import { Tag } from '../../ui/status/tag';
import { Ago } from '../../ui/time/ago';
import { ImportReportDialog } from './import-report-dialog';
import { RuleChainStore } from './rule-chain-store';

@Component({
  selector: 'sp-rule-chains-page',
  imports: [
    Ago,
    CountPipe,
    EmptyState,
    FileDrop,
    ListState,
    ManagedTag,
    MatButton,
    MatIcon,
    MatIconButton,
    MatMenu,
    MatMenuItem,
    MatMenuTrigger,
    Page,
    RouterLink,
    Tag,
    TranslocoPipe,
  ],
  templateUrl: './rule-chains-page.html',
  styleUrl: './rule-chains-page.scss',
})
export class RuleChainsPage {
  private readonly dialog = inject(MatDialog);
  protected readonly store = inject(RuleChainStore);

  protected async import(file: File): Promise<void> {
    const imported = await this.store.import(file);
    if (imported) this.dialog.open(ImportReportDialog, { data: imported, width: '680px' });
  }

  /** A root chain is never deleted: every message of the tenant enters there. */
  protected mayDelete(chain: RuleChain): boolean {
    return !chain.managed && !chain.root;
  }
}
