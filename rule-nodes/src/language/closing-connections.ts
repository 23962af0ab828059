import type { RuleConnection } from './rule-chain.js';

/** The connections that close a circle, self connections too. Without recursion: chains may be long. */
export function closingConnections(connections: readonly RuleConnection[]): RuleConnection[] {
  const next = Map.groupBy(connections, ({ from }) => from);
  const done = new Set<string>();
  const closing: RuleConnection[] = [];
  const stepFrom = (id: string) => ({ id, rest: [...(next.get(id) ?? [])] });
  for (const start of next.keys()) {
    if (done.has(start)) continue;
    const onPath = new Set([start]);
    const path = [stepFrom(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const connection = top.rest.pop();
      if (!connection) {
        onPath.delete(top.id);
        done.add(top.id);
        path.pop();
      } else if (onPath.has(connection.to)) closing.push(connection);
      else if (!done.has(connection.to)) {
        onPath.add(connection.to);
        path.push(stepFrom(connection.to));
      }
    }
  }
  return closing;
}
