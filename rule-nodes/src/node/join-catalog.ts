/** Brings descriptions and behaviour together and refuses where they disagree: a wrong catalogue must not start. */
import type { NodeDescriptor } from './describe-node.js';
import type { NodeImplementation } from './implement-node.js';

/** Implementations by node type. */
export type RuntimeCatalog = ReadonlyMap<string, NodeImplementation>;

/** @throws Error that lists every disagreement */
export function joinCatalog(
  descriptors: readonly NodeDescriptor[],
  implementations: readonly NodeImplementation[],
): RuntimeCatalog {
  const problems = [
    ...repeated(descriptors.map((each) => each.type)).map((type) => `${type} is described twice`),
    ...repeated(descriptors.map((each) => each.thingsboard.type)).map((type) => `${type} belongs to two nodes`),
    ...repeated(implementations.map((each) => each.descriptor.type)).map((type) => `${type} is implemented twice`),
    ...implementations
      .filter((each) => !descriptors.includes(each.descriptor))
      .map((each) => `${each.descriptor.type} is implemented but not in the catalogue`),
    ...descriptors.flatMap((each) => disagreements(each, implementations)),
  ];
  if (problems.length) throw new Error(`The node catalogue does not hold together: ${problems.join('; ')}.`);
  return new Map(implementations.map((each) => [each.descriptor.type, each]));
}

function disagreements(descriptor: NodeDescriptor, implementations: readonly NodeImplementation[]): string[] {
  const problems: string[] = [];
  if (!implementations.some((each) => each.descriptor === descriptor)) problems.push('is not implemented');
  if (!descriptor.config.safeParse(descriptor.defaults).success) problems.push('has invalid defaults');
  if (!descriptor.config.safeParse(descriptor.example).success) problems.push('has an invalid example');
  return problems.map((problem) => `${descriptor.type} ${problem}`);
}

const repeated = (texts: readonly string[]): string[] => texts.filter((text, index) => texts.indexOf(text) !== index);
