import type { MailServerChoice } from '@signalpost/rule-nodes/runtime';

import type { Queryable, UnitOfWork } from '../../db/index.js';

/** A node of a published rule chain that sends mail, and over which server. */
export interface SendingNode {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly ruleChain: { readonly id: string; readonly name: string };
  readonly node: { readonly id: string; readonly name: string };
  readonly server: MailServerChoice;
}

/** What the rooms above know of who sends over mail servers. */
export interface ServerUsage {
  /** Every sending node of a tenant; of all tenants where none is named. */
  sendingNodes(db: Queryable, tenantId: string | undefined): Promise<readonly SendingNode[]>;
  /** Every published rule chain that names `from` names `to` from now on, in a new version. */
  replace(uow: UnitOfWork, tenantId: string, from: string, to: string): Promise<void>;
}

/** Bound by `app.module`. */
export const SERVER_USAGE = Symbol('ServerUsage');
