import type { Graph } from '../graph/graph.js';

/** A graph without what its output does not need. */
export function removeUnused(graph: Graph): Graph {
  const needed = new Set([graph.output.name]);
  const nodes = [...graph.nodes].reverse().filter(({ inputs, outputs }) => {
    if (!outputs.some((output) => needed.has(output))) return false;
    for (const input of inputs) needed.add(input);
    return true;
  });
  const initialisers = new Map([...graph.initialisers].filter(([name]) => needed.has(name)));
  return { ...graph, nodes: nodes.reverse(), initialisers };
}
