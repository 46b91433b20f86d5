import {
  type Attributes,
  consumersOf,
  type Graph,
  type GraphNode,
  type Initialiser,
} from '../graph/graph.js';
import { UniqueNames } from '../graph/unique-names.js';
import { type Affine, affineOf, type Range, signedBytes, sumsInBytes, symmetricScales } from './scales.js';

/** Operations that runtimes compute in eight bits where all that they read and put out is quantised. */
const EIGHT_BITS = ['Conv', 'Gemm', 'Add', 'Mul', 'Sigmoid', 'Relu', 'GlobalAveragePool'];

/** Values whose ranges a graph's quantisation needs: what these operations read and put out, in order. */
export function quantisedValues(graph: Graph): string[] {
  const consumers = consumersOf(graph.nodes);
  const values = new Set<string>();
  for (const node of graph.nodes) {
    if (!EIGHT_BITS.includes(node.op)) continue;
    for (const name of node.inputs) if (name !== '' && !graph.initialisers.has(name)) values.add(name);
    const [output] = node.outputs as [string];
    if (output !== graph.output.name && !isActivatedAlone(node, consumers.get(output))) values.add(output);
  }
  for (const node of graph.nodes) {
    const [output] = node.outputs as [string];
    if (isActivatedAlone(node, consumers.get(output))) values.delete(output);
  }
  return [...values];
}

/** A convolution whose result only a ReLU reads: runtimes cut it off in the same step. */
function isActivatedAlone({ op }: GraphNode, readers: readonly GraphNode[] = []): boolean {
  return op === 'Conv' && readers.length === 1 && readers[0]!.op === 'Relu';
}

/**
 * The graph with QuantizeLinear and DequantizeLinear around its operations: activations in unsigned bytes with a scale
 * and a zero a tensor, weights in signed bytes with a scale for each channel that is put out, biases in 32 bits. The
 * logits stay float32.
 */
export function quantizeGraph(graph: Graph, ranges: ReadonlyMap<string, Range>): Graph {
  return new Quantisation(graph, ranges).run();
}

class Quantisation {
  readonly #graph: Graph;
  readonly #affine: ReadonlyMap<string, Affine>;
  readonly #names: UniqueNames;
  readonly #initialisers = new Map<string, Initialiser>();
  readonly #nodes: GraphNode[] = [];
  /** Float values by what is read in their place. */
  readonly #instead = new Map<string, string>();

  constructor(graph: Graph, ranges: ReadonlyMap<string, Range>) {
    this.#graph = graph;
    this.#affine = new Map([...ranges].map(([name, range]) => [name, affineOf(range)]));
    const values = graph.nodes.flatMap(({ inputs, outputs }) => [...inputs, ...outputs]);
    this.#names = new UniqueNames([...values, ...graph.initialisers.keys()]);
  }

  run(): Graph {
    this.#roundTrip(this.#graph.input.name);
    for (const node of this.#graph.nodes) {
      this.#nodes.push({ ...node, inputs: this.#inputsOf(node) });
      for (const output of node.outputs) this.#roundTrip(output);
    }
    return { ...this.#graph, nodes: this.#nodes, initialisers: this.#initialisers };
  }

  /** To bytes and back, if it is a value that is quantised. */
  #roundTrip(value: string): void {
    const affine = this.#affine.get(value);
    if (!affine) return;
    const bytes = this.#names.take(`${value}/bytes`);
    const back = this.#names.take(`${value}/float`);
    const scale = this.#constant(`${value}/scale`, Float32Array.of(affine.scale), []);
    const zero = this.#constant(`${value}/zero`, Uint8Array.of(affine.zero), []);
    this.#add('QuantizeLinear', [value, scale, zero], bytes);
    this.#add('DequantizeLinear', [bytes, scale, zero], back);
    this.#instead.set(value, back);
  }

  #inputsOf(node: GraphNode): string[] {
    const [x, weights, bias] = node.inputs as [string, string?, string?];
    const affine = this.#affine.get(x);
    const filter = weights === undefined ? undefined : this.#graph.initialisers.get(weights);
    if (affine && filter && isWeighted(node)) {
      const scales = symmetricScales(filter.data as Float32Array, filter.shape[0]!);
      const products = scales.map((scale) => scale * affine.scale);
      const parts = [this.#instead.get(x)!, this.#weights(weights!, filter, scales)];
      return bias === undefined ? parts : [...parts, this.#bias(bias, products)];
    }
    return node.inputs.map((name) => this.#read(name));
  }

  #read(name: string): string {
    const constant = this.#graph.initialisers.get(name);
    if (constant) this.#initialisers.set(name, constant);
    return this.#instead.get(name) ?? name;
  }

  #weights(name: string, { shape, data }: Initialiser, scales: Float32Array): string {
    const bytes = this.#constant(`${name}/bytes`, signedBytes(data as Float32Array, scales), shape);
    return this.#dequantised(name, bytes, { scales, zeros: new Int8Array(scales.length) });
  }

  #bias(name: string, scales: Float32Array): string {
    const { data, shape } = this.#graph.initialisers.get(name)!;
    const whole = this.#constant(`${name}/whole`, sumsInBytes(data as Float32Array, scales), shape);
    return this.#dequantised(name, whole, { scales, zeros: new Int32Array(scales.length) });
  }

  #dequantised(
    name: string,
    whole: string,
    { scales, zeros }: { readonly scales: Float32Array; readonly zeros: Int8Array | Int32Array },
  ): string {
    const scale = this.#constant(`${name}/scale`, scales, [scales.length]);
    const zero = this.#constant(`${name}/zero`, zeros, [zeros.length]);
    const back = this.#names.take(`${name}/float`);
    this.#add('DequantizeLinear', [whole, scale, zero], back, 0);
    return back;
  }

  #constant(wish: string, data: Initialiser['data'], shape: readonly number[]): string {
    const name = this.#names.take(wish);
    this.#initialisers.set(name, { shape, data });
    return name;
  }

  #add(op: string, inputs: readonly string[], output: string, axis?: number): void {
    const attributes: Attributes = axis === undefined ? {} : { axis: { int: axis } };
    this.#nodes.push({ name: output, op, inputs, outputs: [output], attributes });
  }
}

/** Whether its second input is a filter [out, …]. */
function isWeighted({ op, attributes }: GraphNode): boolean {
  const { transB } = attributes as { transB?: { int: number } };
  return op === 'Conv' || (op === 'Gemm' && transB?.int === 1);
}
