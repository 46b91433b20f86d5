/** What an attribute of a node holds; `floats` and `ints` are lists. */
export type Attribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly text: string };

export type Attributes = Readonly<Record<string, Attribute>>;

/** One operation; inputs and outputs are names of values. An empty name is an input that is left out. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}

/**
 * A constant tensor, row-major; whole numbers of 64 bits are what ONNX takes shapes and axes as, those of 8 and 32 bits
 * are quantised weights and biases.
 */
export interface Initialiser {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array | Int8Array | Uint8Array | Int32Array;
}

/** What goes in or comes out: float32, `batch` for the extent that is not fixed. */
export interface GraphValue {
  readonly name: string;
  readonly shape: readonly (number | 'batch')[];
}

/** What a computed value is as the network's code sees it. */
export interface ValueForm {
  /** Of a feature map NHWC; −1 for an extent that the batch is a factor of. */
  readonly shape: readonly number[];
  /** Whether the graph has its four axes as NCHW; else they are as the code has them. */
  readonly isMap: boolean;
}

/** A network as operations on named values, in the order in which they are computed. Feature maps are NCHW. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** By name, in the order of first use. */
  readonly initialisers: ReadonlyMap<string, Initialiser>;
  readonly input: GraphValue;
  readonly output: GraphValue;
  /** By name: the input, and all that nodes compute. */
  readonly forms: ReadonlyMap<string, ValueForm>;
}

/** The nodes that read each value, by the value's name. */
export function consumersOf(nodes: readonly GraphNode[]): ReadonlyMap<string, readonly GraphNode[]> {
  const consumers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const input of node.inputs) {
      const known = consumers.get(input);
      if (known) known.push(node);
      else consumers.set(input, [node]);
    }
  }
  return consumers;
}
