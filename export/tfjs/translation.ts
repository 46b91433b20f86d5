import { permute } from 'dna-nas/nn/weights';
import type { Graph, GraphNode, Initialiser, ValueForm } from '../graph/graph.js';
import { UniqueNames } from '../graph/unique-names.js';
import { TO_NCHW, TO_NHWC } from '../tracing/layout.js';
import { FLOAT, INT32, type NodeAttributes, type NodeDef, type Weight } from './graph-def.js';

/** A graph of TensorFlow while it is made of one of ours: every value lies as the network's code sees it. */
export class Translation {
  readonly nodes: NodeDef[] = [];
  readonly weights: Weight[] = [];
  readonly #graph: Graph;
  readonly #names: UniqueNames;
  /** Inputs of nodes, `name` or `name:1`, by the value that they are. */
  readonly #references = new Map<string, string>();

  constructor(graph: Graph) {
    this.#graph = graph;
    this.#names = new UniqueNames([
      graph.input.name,
      graph.output.name,
      ...graph.nodes.map(({ name }) => name),
    ]);
  }

  /** A constant is as our graph has it. */
  form(value: string): ValueForm {
    return this.#graph.forms.get(value) ?? { shape: this.constantOf(value).shape, isMap: false };
  }

  /** A value as the input of a node. */
  reference(value: string): string {
    return this.#references.get(value) ?? this.constant(value);
  }

  /** Says that a value is one that there is already. */
  alias(value: string, reference: string): void {
    this.#references.set(value, reference);
  }

  isConstant(value: string): boolean {
    return this.#graph.initialisers.has(value);
  }

  constantOf(value: string): Initialiser {
    return this.#graph.initialisers.get(value)!;
  }

  /** The whole numbers that a constant lists: axes, extents. */
  wholeNumbers(value: string): number[] {
    return Array.from(this.constantOf(value).data, Number);
  }

  /** Adds the operation that computes a node's results, under its name; the graph's output has its own. */
  compute(
    { name: own, outputs }: GraphNode,
    op: string,
    input: readonly string[],
    attr: NodeAttributes = {},
  ) {
    const name = outputs[0] === this.#graph.output.name ? outputs[0] : own;
    this.nodes.push({ name, op, input, attr: { T: FLOAT, ...attr } });
    outputs.forEach((output, place) => {
      this.#references.set(output, place === 0 ? name : `${name}:${place}`);
    });
  }

  /** A list of whole numbers as a constant. */
  list(wish: string, numbers: readonly number[]): string {
    return this.#keep(wish, { shape: [numbers.length], data: Int32Array.from(numbers) });
  }

  /** Two whole numbers for each axis as a constant [axes, 2]. */
  pairs(wish: string, pairs: readonly (readonly [number, number])[]): string {
    return this.#keep(wish, { shape: [pairs.length, 2], data: Int32Array.from(pairs.flat()) });
  }

  /** One whole number as a constant. */
  index(wish: string, value: number): string {
    return this.#keep(wish, { shape: [], data: Int32Array.of(value) });
  }

  /** One number as a constant. */
  number(wish: string, value: number): string {
    return this.#keep(wish, { shape: [], data: Float32Array.of(value) });
  }

  /** A constant as it lies in our graph, or with other axes: `shape` is taken before `perm`. */
  constant(
    value: string,
    { shape, perm }: { shape?: readonly number[]; perm?: readonly number[] } = {},
  ): string {
    const known = this.constantOf(value);
    const extents = shape ?? known.shape;
    const data = known.data as Float32Array;
    if (!perm) return this.#keep(value, { shape: extents, data });
    return this.#keep(value, {
      shape: perm.map((axis) => extents[axis]!),
      data: permute(data, extents, perm),
    });
  }

  /** An operand of what computes `result`: a constant that is combined with a map is one of NHWC too. */
  operand(value: string, result: ValueForm): string {
    if (!this.isConstant(value)) return this.reference(value);
    const { shape } = this.constantOf(value);
    if (!result.isMap || shape.length === 0) return this.constant(value);
    return this.constant(value, {
      shape: [...Array<number>(4 - shape.length).fill(1), ...shape],
      perm: TO_NHWC,
    });
  }

  /** Equal constants that want one name are one. */
  #keep(wish: string, weight: Omit<Weight, 'name'>): string {
    const known = this.weights.find(({ name }) => name === wish);
    if (known && isEqual(known, weight)) return wish;
    const name = this.#names.take(wish);
    this.weights.push({ ...weight, name });
    const dtype = weight.data instanceof Int32Array ? INT32 : FLOAT;
    this.nodes.push({ name, op: 'Const', input: [], attr: { dtype } });
    return name;
  }
}

function isEqual(one: Omit<Weight, 'name'>, other: Omit<Weight, 'name'>): boolean {
  return (
    one.shape.join() === other.shape.join() &&
    one.data.constructor === other.data.constructor &&
    one.data.every((value, index) => Object.is(value, other.data[index]))
  );
}

/** An axis of our graph as that of a value as the code sees it. */
export function codeAxis(axis: number, { isMap, shape }: ValueForm): number {
  const counted = axis < 0 ? axis + shape.length : axis;
  return isMap ? TO_NCHW[counted]! : counted;
}

/** A value for each axis of our graph (a pad, say), in the order of the code's axes. */
export function codeOrder<Value>(values: readonly Value[], { isMap }: ValueForm): Value[] {
  return isMap ? TO_NHWC.map((axis) => values[axis]!) : [...values];
}

/** Adds to the translation what a node of our graph computes. */
export type Translator = (translation: Translation, node: GraphNode) => void;

export type Translators = Readonly<Record<string, Translator>>;
