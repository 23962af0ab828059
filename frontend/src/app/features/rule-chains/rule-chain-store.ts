import { DOCUMENT, Injectable, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { Api } from '../../core/api/api';
import {
  deleteRuleChain,
  exportRuleChain,
  importRuleChain,
  listRuleChains,
  makeRootRuleChain,
} from '../../core/api/functions';
import type { ImportedRuleChain, RuleChain } from '../../core/api/models';
import { live } from '../../core/events/live';
import { saveFile } from '../../core/file/save-file';
import { pagedList } from '../../core/paging/paged-list';
import { SessionStore } from '../../core/session/session-store';
import { Confirm } from '../../ui/dialog/confirm';
import { Toasts } from '../../ui/toast/toasts';
import { fileNameOf, readRuleChainFile } from './rule-chain-file';

/** The tenant's rule chains and what can be done with them as files. */
@Injectable()
export class RuleChainStore {
  private readonly api = inject(Api);
  private readonly confirm = inject(Confirm);
  private readonly document = inject(DOCUMENT);
  private readonly toasts = inject(Toasts);
  private readonly transloco = inject(TranslocoService);
  private readonly session = inject(SessionStore);

  readonly list = pagedList(signal(null), (_all, cursor) => this.api.invoke(listRuleChains, cursor));
  readonly mayChange = computed(() => this.session.is('tenant-administrator'));
  readonly importing = signal(false);

  constructor() {
    live('rule-chains', this.list.quietly);
  }

  /** @returns what became of each node, or null when the file was refused (the person was told why). */
  async import(file: File): Promise<ImportedRuleChain | null> {
    const body = await readRuleChainFile(file);
    if (typeof body === 'string') {
      this.toasts.done(this.transloco.translate('ruleChains.file.' + body, { file: file.name }));
      return null;
    }
    this.importing.set(true);
    try {
      return await this.api.invoke(importRuleChain, { body });
    } catch (error) {
      this.toasts.failed(error);
      return null;
    } finally {
      this.importing.set(false);
      void this.list.refresh();
    }
  }

  async export(chain: RuleChain): Promise<void> {
    try {
      const file = await this.api.invoke(exportRuleChain, { id: chain.id });
      saveFile(this.document, fileNameOf(chain.name), JSON.stringify(file, null, 2), 'application/json');
    } catch (error) {
      this.toasts.failed(error);
    }
  }

  async makeRoot(chain: RuleChain): Promise<void> {
    const deed = () => this.api.invoke(makeRootRuleChain, { id: chain.id });
    const done = await this.toasts.attempt(deed, this.text('ruleChains.madeRoot', chain));
    if (done) void this.list.refresh();
  }

  async delete(chain: RuleChain): Promise<void> {
    const sure = await this.confirm.ask({
      title: this.text('ruleChains.delete.title', chain),
      text: this.text('ruleChains.delete.text', chain),
      action: this.text('ruleChains.delete.action', chain),
    });
    if (!sure) return;
    const deed = () => this.api.invoke(deleteRuleChain, { id: chain.id });
    const gone = await this.toasts.attempt(deed, this.text('ruleChains.deleted', chain));
    if (gone) this.list.remove((shown) => shown.id === chain.id);
  }

  private text(key: string, chain: RuleChain): string {
    return this.transloco.translate(key, { name: chain.name });
  }
}
