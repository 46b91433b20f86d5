import { consumersOf, type Graph, type GraphNode } from '../graph/graph.js';

/** A graph in which a product of vectors with a matrix takes the bias that was added to its result. */
export function addBiases(graph: Graph): Graph {
  const consumers = consumersOf(graph.nodes);
  const joined = new Map<GraphNode, GraphNode>();
  const gone = new Set<GraphNode>();
  for (const product of graph.nodes) {
    const [sum, ...others] = consumers.get(product.outputs[0]!) ?? [];
    if (product.op !== 'Gemm' || product.inputs.length !== 2 || sum?.op !== 'Add' || others.length > 0)
      continue;
    const bias = sum.inputs.find((input) => input !== product.outputs[0]);
    if (bias === undefined || !isVector(graph, bias)) continue;
    joined.set(product, { ...product, inputs: [...product.inputs, bias], outputs: sum.outputs });
    gone.add(sum);
  }
  const nodes = graph.nodes.filter((node) => !gone.has(node)).map((node) => joined.get(node) ?? node);
  return { ...graph, nodes };
}

function isVector({ initialisers }: Graph, name: string): boolean {
  return initialisers.get(name)?.shape.length === 1;
}
