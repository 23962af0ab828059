/** Ports in memory that behave like the host's and remember what was asked of them: for tests and for dry runs. */
import type { RuleMessage } from '../language/rule-message.js';
import type { LogPort, MailCall, MailPort, NodeScope, Ports, ScriptPort } from '../node/ports.js';
import { InMemoryAlarms } from './in-memory-alarms.js';
import { InMemoryAttributes, InMemoryTimeseries } from './in-memory-values.js';
import { plainScripts } from './plain-scripts.js';

export interface RecordingOptions {
  /** Epoch milliseconds; the machine's clock where absent. */
  readonly now?: () => number;
  /** Absent: scripts run in this process, without bounds. */
  readonly scripts?: ScriptPort;
}

export interface RecordedMail extends MailCall {
  readonly scope: NodeScope;
}

export class RecordingPorts {
  readonly alarms: InMemoryAlarms;
  readonly attributes = new InMemoryAttributes();
  readonly timeseries = new InMemoryTimeseries();
  /** One for each outbox key: a mail that is asked for again is not added. */
  readonly mails: RecordedMail[] = [];
  readonly lines: { readonly message: RuleMessage; readonly text: string }[] = [];
  readonly #scripts: ScriptPort;

  constructor({ now = Date.now, scripts = plainScripts }: RecordingOptions = {}) {
    this.alarms = new InMemoryAlarms(now);
    this.#scripts = scripts;
  }

  /** The ports of one node. */
  at(scope: NodeScope): Ports {
    const { alarms, attributes, timeseries } = this;
    return { scripts: this.#scripts, alarms, attributes, timeseries, mail: this.#mail(scope), log: this.#log() };
  }

  #mail(scope: NodeScope): MailPort {
    const enqueue: MailPort['enqueue'] = (calls) =>
      Promise.resolve(calls.map((call) => ({ ok: true, value: { deliveryId: this.#keep({ ...call, scope }) } })));
    return { enqueue };
  }

  #keep(mail: RecordedMail): string {
    const key = outboxKey(mail);
    if (!this.mails.some((each) => outboxKey(each) === key)) this.mails.push(mail);
    return key;
  }

  #log(): LogPort {
    return {
      write: (lines) => {
        this.lines.push(...lines);
        return Promise.resolve();
      },
    };
  }
}

const outboxKey = ({ scope, messageId, mailNumber }: RecordedMail): string =>
  [scope.tenantId, messageId, scope.nodeId, mailNumber].join('/');

export const recordingPorts = (options?: RecordingOptions): RecordingPorts => new RecordingPorts(options);
