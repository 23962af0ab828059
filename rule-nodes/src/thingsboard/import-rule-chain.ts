/** Makes a definition of a ThingsBoard rule-chain file and says, node by node, what a person should know about it. */
import { descriptorOf } from '../catalog.js';
import { isJsonObject } from '../language/key-values.js';
import { RuleChainDefinition, type RuleConnection, type RuleNode } from '../language/rule-chain.js';
import type { Json } from '../language/rule-message.js';
import { validateChain } from '../language/validate-chain.js';
import { problemsOf } from '../language/zod-problems.js';
import type { ExtractedSmtp } from './extracted-smtp.js';
import { FileConnection, FileNode, LegacyConnection, type FileMetadata, type RuleChainFile } from './file-schema.js';
import { importNode, nodeIdOf, type ImportedNode } from './import-node.js';
import { currentLabel } from './old-labels.js';
import { info, warning, worstOf, type Note, type NoteLevel } from './notes.js';
import { readFile } from './read-file.js';

export interface ImportOptions {
  /** Id of the chain to be: node ids hang on it, so that importing a file again keeps them. */
  readonly chainId: string;
  /** Wins over the file's. */
  readonly name?: string;
  /**
   * Finds the chain that a rule chain node means by the id in the file; null: there is none. Absent: ids are taken as
   * they are.
   */
  readonly ruleChainOf?: (idInFile: string) => { readonly id: string; readonly name: string } | null;
}

export interface ImportReport {
  /** About the chain as a whole. */
  readonly notes: readonly string[];
  /** In the order of the definition's nodes. */
  readonly nodes: readonly {
    readonly nodeId: string;
    readonly name: string;
    /** As the file names it. */
    readonly type: string;
    /** The worst of the notes. */
    readonly level: NoteLevel;
    readonly notes: readonly string[];
  }[];
}

export interface ImportedChain {
  readonly name: string;
  readonly description: string | null;
  readonly definition: RuleChainDefinition;
  /** Whether the file says that it is the root chain; ThingsBoard's own export always says no. */
  readonly root: boolean;
}

export type ImportResult =
  | {
      readonly ok: true;
      readonly chain: ImportedChain;
      readonly report: ImportReport;
      readonly extractedSmtp: readonly ExtractedSmtp[];
    }
  /** Sentences that say why no chain can be made of it. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** @param json the file's content, parsed */
export function importRuleChain(json: unknown, options: ImportOptions): ImportResult {
  const read = readFile(json);
  if (!read.ok) return read;
  const build = new Build(options, read.file.metadata);
  const checked = RuleChainDefinition.safeParse(build.definition());
  if (!checked.success) return { ok: false, problems: problemsOf(checked.error) };
  if (build.problems.length > 0) return { ok: false, problems: build.problems };
  return {
    ok: true,
    chain: { ...headOf(read.file, options), definition: checked.data },
    report: build.report(checked.data),
    extractedSmtp: build.nodes.flatMap(({ smtp }) => smtp ?? []),
  };
}

const UNNAMED = 'Imported rule chain';
const LONGEST_NAME = 255;

function headOf({ header }: RuleChainFile, { name }: ImportOptions) {
  const chosen = [name, header.name].find((each) => each?.trim()) ?? UNNAMED;
  return {
    name: chosen.slice(0, LONGEST_NAME),
    description: header.additionalInfo?.description ?? null,
    root: header.root ?? false,
  };
}

/** The parts of a chain while it is being read. */
class Build {
  readonly nodes: (ImportedNode & { readonly typeInFile: string })[] = [];
  readonly connections: RuleConnection[] = [];
  /** Why no chain can be made of the file. */
  readonly problems: string[] = [];
  readonly #notes: string[] = [];
  readonly #notesOf = new Map<string, Note[]>();

  constructor(
    readonly options: ImportOptions,
    readonly metadata: FileMetadata,
  ) {
    for (const [place, raw] of metadata.nodes.entries()) this.#addNode(place, raw);
    for (const raw of metadata.connections ?? []) this.#addConnection(FileConnection.safeParse(raw).data);
    for (const raw of metadata.ruleChainConnections ?? []) this.#addLegacy(LegacyConnection.safeParse(raw).data);
  }

  definition(): RuleChainDefinition {
    const { firstNodeIndex, notes } = this.metadata;
    return {
      firstNodeId:
        firstNodeIndex === null || firstNodeIndex === undefined ? null : (this.#idAt(firstNodeIndex) ?? null),
      nodes: this.nodes.map(({ node }) => node),
      connections: this.connections,
      ...(notes?.length ? { notes } : {}),
    };
  }

  report(definition: RuleChainDefinition): ImportReport {
    const problems = validateChain(definition);
    const about = (id: string | null) =>
      problems.filter(({ nodeId }) => nodeId === id).map(({ level, message }): Note => ({ level, text: message }));
    return {
      notes: [...this.#notes, ...about(null).map(({ text }) => text)],
      nodes: this.nodes.map(({ node: { id, name }, notes, typeInFile }) => {
        const all = [...notes, ...(this.#notesOf.get(id) ?? []), ...about(id)];
        return { nodeId: id, name, type: typeInFile, level: worstOf(all), notes: all.map(({ text }) => text) };
      }),
    };
  }

  #addNode(place: number, raw: Json): void {
    const file = FileNode.safeParse(raw);
    if (!file.success || !isJsonObject(raw)) {
      this.problems.push(`Node ${place} of the file cannot be read: it needs a "type".`);
      return;
    }
    const imported = importNode(this.options.chainId, place, file.data, raw);
    this.nodes.push({ ...this.#withChain(imported), typeInFile: file.data.type });
  }

  #addConnection(connection: FileConnection | undefined): void {
    const [from, to] = connection ? [this.#idAt(connection.fromIndex), this.#idAt(connection.toIndex)] : [];
    if (!connection || !from || !to) this.#notes.push('A connection that leads from or to no node was left out.');
    else this.#connect(from, to, connection.type);
  }

  #connect(from: string, to: string, labelInFile: string): void {
    const source = this.nodes.find(({ node }) => node.id === from)?.node;
    const label = source ? currentLabel(source.type, labelInFile) : labelInFile;
    if (label !== labelInFile) this.#note(from, info(`The old output "${labelInFile}" is now called "${label}".`));
    const known = this.connections.some((each) => each.from === from && each.to === to && each.label === label);
    if (!known) this.connections.push({ from, to, label });
  }

  /** As ThingsBoard does: a rule chain node takes the place of the connection. */
  #addLegacy(legacy: LegacyConnection | undefined): void {
    const from = legacy && this.#idAt(legacy.fromIndex);
    if (!from) {
      this.#notes.push('A connection to another rule chain that starts at no node was left out.');
      return;
    }
    const node = this.#withChain({ node: this.#ruleChainNode(legacy), notes: [], smtp: null });
    this.nodes.push({ ...node, typeInFile: descriptorOf(RULE_CHAIN)?.thingsboard.type ?? RULE_CHAIN });
    this.#connect(from, node.node.id, legacy.type);
  }

  #ruleChainNode({ targetRuleChainId, additionalInfo }: LegacyConnection): RuleNode {
    const name = this.options.ruleChainOf?.(targetRuleChainId)?.name ?? INPUT_NODE;
    return {
      id: nodeIdOf(this.options.chainId, this.nodes.length, INPUT_NODE),
      type: RULE_CHAIN,
      name,
      config: { ruleChainId: targetRuleChainId, forwardMsgToDefaultRuleChain: false },
      configVersion: descriptorOf(RULE_CHAIN)?.configVersion ?? 0,
      debug: false,
      layout: { x: additionalInfo?.layoutX ?? 0, y: additionalInfo?.layoutY ?? 0 },
    };
  }

  /** Puts the chain of this product in the place of the one that the file names. */
  #withChain(imported: ImportedNode): ImportedNode {
    const { node, notes } = imported;
    const inFile = node.type === RULE_CHAIN ? node.config['ruleChainId'] : null;
    if (typeof inFile !== 'string' || !this.options.ruleChainOf) return imported;
    const chain = this.options.ruleChainOf(inFile);
    if (!chain) return { ...imported, notes: [...notes, warning(CHAIN_MISSING)] };
    return { ...imported, node: { ...node, config: { ...node.config, ruleChainId: chain.id } } };
  }

  #note(nodeId: string, note: Note): void {
    this.#notesOf.set(nodeId, [...(this.#notesOf.get(nodeId) ?? []), note]);
  }

  #idAt(index: number): string | undefined {
    return this.nodes[index]?.node.id;
  }
}

const RULE_CHAIN = 'flow/rule-chain';
/** ThingsBoard's name for the node where it does not know the chain. */
const INPUT_NODE = 'Rule Chain Input';
const CHAIN_MISSING = 'The rule chain that it leads to is not here. Import that one too and choose it in this node.';
