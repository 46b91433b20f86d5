import { consumersOf, type Graph, type GraphNode, type Initialiser, type ValueForm } from '../graph/graph.js';
import { UniqueNames } from '../graph/unique-names.js';

/** Operations on each element, which know nothing of axes. */
const ELEMENTWISE = new Set(['Sigmoid', 'Relu', 'Clip', 'Mul', 'Add', 'HardSigmoid', 'HardSwish', 'Tanh']);
const POINT = { kernel_shape: { ints: [1, 1] }, strides: { ints: [1, 1] }, dilations: { ints: [1, 1] } };

/**
 * A graph in which what squeeze-and-excitation computes on pooled maps stays a map: 1×1 convolutions in place of
 * products of vectors, and no change of shape before and behind them. Runtimes that have maps in an order of their own
 * need not leave it.
 */
export function keepMaps(graph: Graph): Graph {
  return graph.nodes.reduce((kept, node) => {
    const inner = node.op === 'Flatten' ? regionBehind(kept, node) : undefined;
    return inner ? asMaps(kept, node, inner) : kept;
  }, graph);
}

/** Nodes between a pooled map's `Flatten` and the `Reshape`s that make maps of it again; undefined where some lead elsewhere. */
function regionBehind(graph: Graph, flatten: GraphNode): ReadonlySet<GraphNode> | undefined {
  if (!isPooled(graph.forms.get(flatten.inputs[0]!))) return undefined;
  const consumers = consumersOf(graph.nodes);
  const values = new Set(flatten.outputs);
  const region = new Set<GraphNode>();
  for (const value of values) {
    if (value === graph.output.name) return undefined;
    for (const node of consumers.get(value) ?? []) {
      region.add(node);
      if (node.op !== 'Reshape') for (const output of node.outputs) values.add(output);
    }
  }
  const fits = [...region].every((node) => staysMap(graph, node, values));
  return fits && [...region].some(({ op }) => op === 'Gemm') ? region : undefined;
}

const isPooled = (form: ValueForm | undefined) =>
  form?.isMap === true && form.shape.length === 4 && form.shape[1] === 1 && form.shape[2] === 1;

function staysMap({ forms, initialisers }: Graph, node: GraphNode, values: ReadonlySet<string>): boolean {
  const { op, inputs, outputs } = node;
  const isScalar = (name: string) => initialisers.get(name)?.shape.every((extent) => extent === 1) ?? false;
  if (op === 'Reshape') return isPooled(forms.get(outputs[0]!));
  if (op === 'Gemm')
    return values.has(inputs[0]!) && inputs.slice(1).every((input) => initialisers.has(input));
  return ELEMENTWISE.has(op) && inputs.every((input) => values.has(input) || isScalar(input));
}

function asMaps(graph: Graph, flatten: GraphNode, region: ReadonlySet<GraphNode>): Graph {
  const initialisers = new Map(graph.initialisers);
  const names = new UniqueNames([...initialisers.keys()]);
  /** The value that stands for one that a change of shape has made. */
  const instead = new Map([[flatten.outputs[0]!, flatten.inputs[0]!]]);
  const forms = new Map(graph.forms);
  const nodes = graph.nodes.flatMap((node) => {
    const inputs = node.inputs.map((input) => instead.get(input) ?? input);
    if (node === flatten) return [];
    if (!region.has(node)) return [{ ...node, inputs }];
    if (node.op === 'Reshape') {
      instead.set(node.outputs[0]!, inputs[0]!);
      return [];
    }
    for (const output of node.outputs) forms.set(output, mapForm(forms.get(output)!));
    if (node.op !== 'Gemm') return [{ ...node, inputs }];
    const [x, matrix, ...bias] = inputs as [string, string, ...string[]];
    const isShared = graph.nodes.some((other) => other !== node && other.inputs.includes(matrix));
    const filter = isShared ? names.take(matrix) : matrix;
    initialisers.set(filter, filterOf(initialisers.get(matrix)!));
    return [{ ...node, ...convolution(node.name), inputs: [x, filter, ...bias] }];
  });
  return { ...graph, nodes, initialisers, forms };
}

const convolution = (name: string) => ({
  name: name.replace(/Gemm(_\d+)?$/, 'Conv$1'),
  op: 'Conv',
  attributes: { ...POINT, pads: { ints: [0, 0, 0, 0] }, group: { int: 1 } },
});

const mapForm = ({ shape: [batch, channels] }: ValueForm): ValueForm => ({
  shape: [batch!, 1, 1, channels!],
  isMap: true,
});

/** [o, i] → [o, i, 1, 1] */
const filterOf = ({ shape, data }: Initialiser): Initialiser => ({ shape: [...shape, 1, 1], data });
