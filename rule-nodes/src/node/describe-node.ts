/** What a node is: everything that an editor, an import, the docs and the runner need to know before it runs. */
import type { z } from 'zod';

import '../language/ui-hints.js';
import type { PortName } from './ports.js';
import type { UpgradeStep } from './upgrade-config.js';

export const NODE_CATEGORIES = ['filter', 'enrichment', 'transformation', 'action', 'external', 'flow'] as const;
export type NodeCategory = (typeof NODE_CATEGORIES)[number];

/** Output of every node: what it could not do goes here. */
export const FAILURE = 'Failure';

export interface NodeDescriptor<S extends z.ZodObject = z.ZodObject, U extends PortName = PortName> {
  /** `<category>/<name>`; stays as it is for good, stored chains name it. */
  readonly type: `${NodeCategory}/${string}`;
  readonly category: NodeCategory;
  /** As in ThingsBoard's palette. */
  readonly name: string;
  /** One sentence for the palette. */
  readonly summary: string;
  /** A paragraph or more for the help panel; plain text. */
  readonly help: string;
  /** Name of a Material symbol. */
  readonly icon: string;
  /**
   * Field names are ThingsBoard's configuration keys. An absent key means what it means there: the zero value of its
   * Java type (`.default(…)` in the schema), not the value that a new node starts with (`defaults`).
   */
  readonly config: S;
  /** Version of the configuration's shape = number of `upgrades`. */
  readonly configVersion: number;
  readonly upgrades: readonly UpgradeStep[];
  /** What a new node starts with: ThingsBoard's published defaults. */
  readonly defaults: z.output<S>;
  /** A full, valid configuration for documentation and contract tests. */
  readonly example: z.output<S>;
  /** Labels of the outputs without `Failure`, which every node has; `custom` where they depend on the configuration. */
  readonly outputs: 'custom' | readonly string[];
  /** The powers of the host that this node gets. */
  readonly uses: readonly U[];
  /** The Java class and its configuration version, as ThingsBoard's files name them. */
  readonly thingsboard: { readonly type: string; readonly version: number };
}

type Description<S extends z.ZodObject, U extends PortName> = Omit<
  NodeDescriptor<S, U>,
  'category' | 'configVersion' | 'upgrades'
> & { readonly upgrades?: readonly UpgradeStep[] };

/** Describes a node; the category comes from the type, the version of the configuration from the number of upgrades. */
export function describeNode<S extends z.ZodObject, U extends PortName = never>(
  description: Description<S, U>,
): NodeDescriptor<S, U> {
  const category = NODE_CATEGORIES.find((each) => description.type.startsWith(`${each}/`));
  if (!category) throw new Error(`Node type "${description.type}" does not begin with a category.`);
  const upgrades = description.upgrades ?? [];
  return { ...description, category, upgrades, configVersion: upgrades.length };
}

/** All outputs of a node, `Failure` last; null where they depend on the configuration. */
export function outputsOf(descriptor: NodeDescriptor): readonly string[] | null {
  if (descriptor.outputs === 'custom') return null;
  return descriptor.type === 'flow/output' ? [] : [...descriptor.outputs, FAILURE];
}
