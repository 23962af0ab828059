/**
 * The powers of the host that a node may ask for, one narrow interface each. Calls and answers are arrays: the host
 * answers all messages of a wave with one query. Answers stand in the order of the calls. A port is bound to one node of
 * one tenant (`NodeScope`) and to the database transaction of the batch; what it writes is seen by its own later reads.
 */
import type { EmailDraft } from '../language/email-draft.js';
import type { MailServerChoice } from '../language/mail-server-choice.js';
import type { EntityRef, Json, RuleMessage } from '../language/rule-message.js';
import type { NodeFailure } from './outcome.js';

/** Where in which tenant's chains a node runs. */
export interface NodeScope {
  readonly tenantId: string;
  readonly chainId: string;
  readonly chainVersion: number;
  readonly nodeId: string;
  readonly nodeName: string;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: NodeFailure };

// ── scripts ──────────────────────────────────────────────────────────────────────────────────────────────────────────
export type ScriptLanguage = 'JS' | 'TBEL';
export interface ScriptCall {
  /** Tells calls of one message apart where scripts are remembered. */
  readonly messageId: string;
  /** A function body; ThingsBoard's parameters are `msg`, `metadata`, `msgType`. */
  readonly source: string;
  readonly language: ScriptLanguage;
  readonly msg: Json;
  readonly metadata: Readonly<Record<string, string>>;
  readonly msgType: string;
}
/** `slow`: over the soft limit, not finished; see `Outcome`. */
export type ScriptResult = Result<Json | undefined> | { readonly ok: 'slow' };
export interface ScriptPort {
  run(calls: readonly ScriptCall[]): Promise<readonly ScriptResult[]>;
}

// ── alarms ───────────────────────────────────────────────────────────────────────────────────────────────────────────
export const ALARM_SEVERITIES = ['CRITICAL', 'MAJOR', 'MINOR', 'WARNING', 'INDETERMINATE'] as const;
export type AlarmSeverity = (typeof ALARM_SEVERITIES)[number];
export const ALARM_STATUSES = ['ACTIVE_UNACK', 'ACTIVE_ACK', 'CLEARED_UNACK', 'CLEARED_ACK'] as const;
export type AlarmStatus = (typeof ALARM_STATUSES)[number];

/** ThingsBoard's alarm JSON. Times are epoch milliseconds, 0 = not yet. */
export interface Alarm {
  readonly id: string;
  readonly createdTime: number;
  readonly type: string;
  readonly originator: EntityRef;
  readonly originatorName: string | null;
  readonly customerId: string | null;
  readonly severity: AlarmSeverity;
  readonly status: AlarmStatus;
  readonly acknowledged: boolean;
  readonly cleared: boolean;
  readonly startTs: number;
  readonly endTs: number;
  readonly ackTs: number;
  readonly clearTs: number;
  readonly details: Json;
  readonly propagate: boolean;
  readonly propagateToOwner: boolean;
  readonly propagateToTenant: boolean;
  readonly propagateRelationTypes: readonly string[];
}
export interface AlarmKey {
  readonly originator: EntityRef;
  readonly type: string;
}
/** What a chain decides about an alarm; the rest is the host's. */
export interface AlarmWrite extends AlarmKey {
  /** Derived from the message, so that a message that is run again creates the same alarm. */
  readonly id: string;
  readonly customerId: string | null;
  readonly severity: AlarmSeverity;
  readonly details: Json;
  /** Start of a new alarm; an existing one keeps its own. */
  readonly startTs: number;
  readonly propagate: boolean;
  readonly propagateToOwner: boolean;
  readonly propagateToTenant: boolean;
  readonly propagateRelationTypes: readonly string[];
}
export interface AlarmRaised {
  readonly alarm: Alarm;
  /** `unchanged`: an update that altered nothing. */
  readonly change: 'created' | 'updated' | 'unchanged';
}
export interface AlarmPort {
  /** The active (not cleared) alarm of each key; at most one exists. Its row is held until the batch commits. */
  findActive(keys: readonly AlarmKey[]): Promise<readonly (Alarm | null)[]>;
  /** By id, cleared ones too. */
  findById(ids: readonly string[]): Promise<readonly (Alarm | null)[]>;
  /** Creates, or updates the active one with the same key. */
  raise(writes: readonly AlarmWrite[]): Promise<readonly AlarmRaised[]>;
  /** Clears by id; null where it was cleared already or is gone. `details` replaces when given. */
  clear(calls: readonly { readonly id: string; readonly details: Json }[]): Promise<readonly (Alarm | null)[]>;
}

// ── what is known of entities ────────────────────────────────────────────────────────────────────────────────────────
export const ATTRIBUTE_SCOPES = ['CLIENT_SCOPE', 'SHARED_SCOPE', 'SERVER_SCOPE'] as const;
export type AttributeScope = (typeof ATTRIBUTE_SCOPES)[number];
export interface KeyValue {
  readonly key: string;
  readonly ts: number;
  readonly value: Json;
}
export interface AttributeRead {
  readonly entity: EntityRef;
  readonly scope: AttributeScope;
  readonly keys: readonly string[];
}
export interface AttributeWrite {
  readonly entity: EntityRef;
  readonly scope: AttributeScope;
  readonly values: readonly KeyValue[];
  readonly onlyIfChanged: boolean;
  /** Tell the device of changed shared attributes. */
  readonly notifyDevice: boolean;
  /**
   * Send the message ATTRIBUTES_UPDATED of changed shared or server attributes to the root chain, under this id; it is
   * derived from the message, so that one that is run again announces nothing twice.
   */
  readonly announceAs?: string;
}
export interface AttributePort {
  read(calls: readonly AttributeRead[]): Promise<readonly (readonly KeyValue[])[]>;
  /** Answers the keys that changed. */
  write(calls: readonly AttributeWrite[]): Promise<readonly (readonly string[])[]>;
}

export interface TimeseriesWrite {
  readonly entity: EntityRef;
  readonly values: readonly KeyValue[];
  /** How long the node or the message asks to keep the values, in seconds; 0 = nothing asked. */
  readonly ttlSeconds: number;
  readonly store: { readonly history: boolean; readonly latest: boolean };
}
export interface TimeseriesPort {
  latest(
    calls: readonly { readonly entity: EntityRef; readonly keys: readonly string[] }[],
  ): Promise<readonly (readonly KeyValue[])[]>;
  save(calls: readonly TimeseriesWrite[]): Promise<void>;
}

// ── mail ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
export type { MailServerChoice };

export interface MailCall {
  readonly messageId: string;
  /** 0 for the first mail of this message at this node. */
  readonly mailNumber: number;
  readonly server: MailServerChoice;
  readonly draft: EmailDraft;
  readonly originator: EntityRef;
  readonly alarmId: string | null;
  /** Seconds after which a mail that could not be sent is given up; null = the product's default. */
  readonly giveUpAfterSeconds: number | null;
  /** The parked message to go on with when the mail is settled; null = nothing is connected, nobody waits. */
  readonly parkedId: string | null;
}
export interface MailPort {
  /** Puts mails into the outbox. Ok = it will be sent or its failure told; the same call twice is one mail. */
  enqueue(calls: readonly MailCall[]): Promise<readonly Result<{ readonly deliveryId: string }>[]>;
}

// ── log ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
export interface LogPort {
  /** One line at level info into the tenant's rule-chain log. */
  write(lines: readonly { readonly message: RuleMessage; readonly text: string }[]): Promise<void>;
}

export interface Ports {
  readonly scripts: ScriptPort;
  readonly alarms: AlarmPort;
  readonly attributes: AttributePort;
  readonly timeseries: TimeseriesPort;
  readonly mail: MailPort;
  readonly log: LogPort;
}
export type PortName = keyof Ports;
