import type { CompiledNode, Edge } from './compiled-chain.js';

/** Marks the connections that close a cycle (depth-first search without recursion: chains may be long). */
export function markBackEdges(nodes: Iterable<CompiledNode>): void {
  const done = new Set<CompiledNode>();
  for (const node of nodes) if (!done.has(node)) search(node, done);
}

function search(start: CompiledNode, done: Set<CompiledNode>): void {
  const onPath = new Set([start]);
  const path = [{ node: start, edges: edgesOf(start) }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const edge = top.edges.pop();
    if (!edge) {
      onPath.delete(top.node);
      done.add(top.node);
      path.pop();
    } else if (onPath.has(edge.to)) {
      edge.closesCycle = true;
    } else if (!done.has(edge.to)) {
      onPath.add(edge.to);
      path.push({ node: edge.to, edges: edgesOf(edge.to) });
    }
  }
}

const edgesOf = (node: CompiledNode): Edge[] => [...node.outputs.values()].flat();
