import { permute } from 'dna-nas/nn/weights';
import { fixedBatch } from '../errors.js';
import type { Attributes, GraphNode, Initialiser, ValueForm } from '../graph/graph.js';
import { UniqueNames } from '../graph/unique-names.js';
import { TO_NCHW, TO_NHWC } from './layout.js';
import type { Constant, Operand, Traced } from './operand.js';

export const INPUT = 'input';
export const OUTPUT = 'logits';

export interface RecordingOptions {
  /** Of ONNX's operations. */
  readonly opset: number;
  /** The extent that stands for the batch. */
  readonly batch: number;
  /** The network's tensors by their names. */
  readonly tensors: ReadonlyMap<string, Constant>;
  /** Epsilon of each batch norm, by what its tensors' names begin with. */
  readonly norms: ReadonlyMap<string, number>;
}

export interface NodeOptions {
  /** Of the result, as the network's code sees it. */
  readonly shape: readonly number[];
  readonly attributes?: Attributes;
  /** Whether the result lies in the graph as the code sees it, even if it has four axes. @default false */
  readonly isNatural?: boolean;
}

/** Of operations with several results. */
export interface ResultsOptions extends Omit<NodeOptions, 'shape'> {
  readonly shapes: readonly (readonly number[])[];
}

/** How a constant is to lie in the graph. */
export interface ConstantForm {
  /** Its axes' order; taken before `shape`. */
  readonly perm?: readonly number[];
  readonly shape?: readonly number[];
}

/** The graph of a network while its forward pass is traced. */
export class Recording {
  readonly opset: number;
  readonly batch: number;
  readonly tensors: ReadonlyMap<string, Constant>;
  readonly norms: ReadonlyMap<string, number>;
  readonly #nodes: GraphNode[] = [];
  readonly #initialisers = new Map<string, Initialiser>();
  readonly #forms = new Map<string, ValueForm>();
  readonly #names = new UniqueNames([INPUT, OUTPUT]);
  #layer = '';

  constructor({ opset, batch, tensors, norms }: RecordingOptions) {
    this.opset = opset;
    this.batch = batch;
    this.tensors = tensors;
    this.norms = norms;
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  get initialisers(): ReadonlyMap<string, Initialiser> {
    return this.#initialisers;
  }

  get forms(): ReadonlyMap<string, ValueForm> {
    return this.#forms;
  }

  /** The images, of a shape as the code sees it. */
  input(shape: readonly number[]): Traced {
    return this.#value(INPUT, shape, false);
  }

  /** The layer whose tensors were used last: what nodes are named after. */
  get layer(): string {
    return this.#layer;
  }

  /** Nodes from here on belong to this layer, until another one's tensors are used. */
  enter(layer: string): void {
    this.#layer = layer;
  }

  /** Adds an operation with one result. */
  add(op: string, inputs: readonly string[], { shape, ...options }: NodeOptions): Traced {
    return this.addWithResults(op, inputs, { shapes: [shape], ...options })[0]!;
  }

  /** Adds an operation with several results. */
  addWithResults(
    op: string,
    inputs: readonly string[],
    { shapes, attributes = {}, isNatural = false }: ResultsOptions,
  ): Traced[] {
    const name = this.#names.take(this.#under('/', op));
    const outputs = shapes.map((_, index) => (index === 0 ? name : this.#names.take(`${name}.${index}`)));
    this.#nodes.push({ name, op, inputs, outputs, attributes });
    return outputs.map((value, index) => this.#value(value, shapes[index]!, isNatural));
  }

  #value(value: string, shape: readonly number[], isNatural: boolean): Traced {
    const open = shape.map((extent) => (extent % this.batch === 0 ? -1 : extent));
    this.#forms.set(value, { shape: open, isMap: shape.length === 4 && !isNatural });
    return { kind: 'traced', shape, value };
  }

  /** The value in the graph's layout: NCHW where it has four axes. */
  value(operand: Operand): string {
    if (operand.kind === 'traced') return this.#settled(operand).value;
    const { shape } = operand;
    return this.constant(operand, shape.length === 4 ? { perm: TO_NCHW } : {});
  }

  /** The value in the order that the network's code sees. */
  natural(operand: Operand): string {
    if (operand.kind === 'constant') return this.constant(operand);
    const { shape, value } = this.#settled(operand);
    if (shape.length !== 4) return value;
    const attributes = { perm: { ints: TO_NHWC } };
    return this.add('Transpose', [value], { shape, attributes, isNatural: true }).value;
  }

  /** A value in the order that the network's code sees, brought into the graph's layout. */
  fromNatural(natural: Traced): Traced {
    const { shape, value } = natural;
    if (shape.length !== 4) return natural;
    return this.add('Transpose', [value], { shape, attributes: { perm: { ints: TO_NCHW } } });
  }

  /** Rows of pixels as a value of their own. */
  #settled(traced: Traced): Traced {
    const { pixelsOf, shape } = traced;
    if (!pixelsOf) return traced;
    if (pixelsOf.shape[0] === shape[0])
      return this.add('Flatten', [pixelsOf.value], { shape, attributes: { axis: { int: 1 } } });
    const rows = this.wholeNumbers('rows', [-1, shape[1]!]);
    return this.add('Reshape', [this.natural(pixelsOf), rows], { shape });
  }

  /** A constant's name; one that comes from a single tensor of the network has that tensor's name. */
  constant(constant: Constant, { perm, shape }: ConstantForm = {}): string {
    if (constant.shape.includes(this.batch)) throw fixedBatch(this.#layer);
    const ordered = perm ? permute(constant.values, constant.shape, perm) : constant.values;
    const extents = shape ?? (perm ? perm.map((axis) => constant.shape[axis]!) : constant.shape);
    const [source, ...others] = constant.sources;
    if (source !== undefined) this.enter(layerOf(source));
    const wish = others.length === 0 ? (source ?? 'constant') : this.#under('.', 'folded');
    return this.#keep(wish, { shape: extents, data: ordered });
  }

  /** A list of whole numbers as a constant. */
  wholeNumbers(name: string, numbers: readonly number[]): string {
    return this.#keep(this.#under('/', name), {
      shape: [numbers.length],
      data: BigInt64Array.from(numbers, BigInt),
    });
  }

  /** One number as a constant. */
  number(name: string, value: number): string {
    return this.#keep(name, { shape: [], data: Float32Array.of(value) });
  }

  /** A value for each channel of a map, as a constant that is broadcast over a map of the graph. */
  channelValues(name: string, values: readonly number[]): string {
    return this.#keep(name, { shape: [values.length, 1, 1], data: Float32Array.from(values) });
  }

  /** A name below that of the layer. */
  #under(separator: '.' | '/', name: string): string {
    return this.#layer === '' ? name : this.#layer + separator + name;
  }

  /** Equal constants that want one name are one. */
  #keep(wish: string, initialiser: Initialiser): string {
    const known = this.#initialisers.get(wish);
    if (known && isEqual(known, initialiser)) return wish;
    const name = this.#names.take(wish);
    this.#initialisers.set(name, initialiser);
    return name;
  }
}

/** `blocks.0.0.conv_pw.weight` → `blocks.0.0.conv_pw` */
function layerOf(tensor: string): string {
  return tensor.slice(0, Math.max(0, tensor.lastIndexOf('.')));
}

function isEqual(one: Initialiser, other: Initialiser): boolean {
  return (
    one.shape.join() === other.shape.join() &&
    one.data.constructor === other.data.constructor &&
    one.data.every((value: number | bigint, index: number) => Object.is(value, other.data[index]))
  );
}
