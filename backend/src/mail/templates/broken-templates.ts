import { SYSTEM_ACTOR } from '../../access/index.js';
import { Audit } from '../../audit/index.js';
import type { Clock, Database } from '../../db/index.js';
import type { TemplateKey, TemplateStore } from './template-store.js';

/** Keeps in mind which stored texts could not be used, so that those who can correct them are told. */
export class BrokenTemplates {
  constructor(
    private readonly db: Database,
    private readonly store: TemplateStore,
    private readonly clock: Clock,
    /** Open pages read notices again. */
    private readonly changed: (tenantId: string) => void,
  ) {}

  async note(key: TemplateKey, reason: string): Promise<void> {
    const { tenantId, template, language } = key;
    await this.db.transaction(async (uow) => {
      if (!(await this.store.failed(uow, key, this.clock.now(), reason))) return;
      const entity = { type: 'mail-template', id: null, name: `${template} (${language})` } as const;
      await Audit.record(uow, { ...SYSTEM_ACTOR, tenantId, action: 'mail-template.replaced-by-built-in', entity });
      uow.afterCommit(() => this.changed(tenantId));
    });
  }
}
