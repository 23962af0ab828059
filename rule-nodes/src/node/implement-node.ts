/** How a node behaves: a function made once from its configuration and then called for all messages of a version. */
import type { z } from 'zod';

import type { RuleMessage } from '../language/rule-message.js';
import { problemsOf } from '../language/zod-problems.js';
import type { NodeDescriptor } from './describe-node.js';
import type { Outcome } from './outcome.js';
import type { PortName, Ports } from './ports.js';

/** The place of a node in its chain. */
export interface NodeSite {
  readonly nodeId: string;
  readonly nodeName: string;
  /** Whether anything hangs on the output. */
  isConnected(label: string): boolean;
}

/** Needs nothing but the message. */
export type PureRun = (message: RuleMessage) => Outcome;
/** Gets all messages of a wave that wait at the node; outcomes stand in the order of the messages. */
export type BatchRun<U extends PortName> = (
  messages: readonly RuleMessage[],
  ports: Pick<Ports, U>,
) => Promise<readonly Outcome[]>;

export type Behaviour =
  { readonly kind: 'pure'; readonly run: PureRun } | { readonly kind: 'batch'; readonly run: BatchRun<PortName> };

export type Prepared =
  { readonly ok: true; readonly behaviour: Behaviour } | { readonly ok: false; readonly problems: readonly string[] };

export interface NodeImplementation {
  readonly descriptor: NodeDescriptor;
  /** Checks a configuration of the newest version and makes the behaviour; never throws. */
  prepare(config: unknown, site: NodeSite): Prepared;
}

/** Implements a node that only computes. */
export function implementPure<S extends z.ZodObject, U extends PortName>(
  descriptor: NodeDescriptor<S, U>,
  make: (config: z.output<S>, site: NodeSite) => PureRun,
): NodeImplementation {
  return implement(descriptor, (config, site) => ({ kind: 'pure', run: make(config, site) }));
}

/** Implements a node that reads or changes something outside; it gets the ports that its descriptor names. */
export function implementBatch<S extends z.ZodObject, U extends PortName>(
  descriptor: NodeDescriptor<S, U>,
  make: (config: z.output<S>, site: NodeSite) => BatchRun<U>,
): NodeImplementation {
  return implement(descriptor, (config, site) => {
    const run = make(config, site);
    return { kind: 'batch', run: (messages, ports) => run(messages, pickPorts(ports, descriptor.uses)) };
  });
}

function implement<S extends z.ZodObject, U extends PortName>(
  descriptor: NodeDescriptor<S, U>,
  make: (config: z.output<S>, site: NodeSite) => Behaviour,
): NodeImplementation {
  return {
    descriptor,
    prepare(config, site) {
      const parsed = descriptor.config.safeParse(config);
      if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
      return { ok: true, behaviour: make(parsed.data, site) };
    },
  };
}

function pickPorts<U extends PortName>(ports: Pick<Ports, PortName>, uses: readonly U[]): Pick<Ports, U> {
  const picked: Partial<Ports> = {};
  for (const name of uses) Object.assign(picked, { [name]: ports[name] });
  return picked as Pick<Ports, U>; // all names of U have just been copied; the compiler cannot follow the loop
}
