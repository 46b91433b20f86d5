/** An attribute of a node, as protobuf writes TensorFlow's `AttrValue` in JSON. */
export type NodeAttribute =
  | { readonly type: 'DT_FLOAT' | 'DT_INT32' }
  | { readonly b: boolean }
  | { readonly i: string }
  | { readonly f: number }
  | { readonly s: string }
  | { readonly shape: TensorShape }
  | { readonly list: { readonly i: readonly string[] } | { readonly s: readonly string[] } };

export type NodeAttributes = Readonly<Record<string, NodeAttribute>>;

export interface TensorShape {
  readonly dim: readonly { readonly size: string }[];
}

/** A node of TensorFlow's `GraphDef`; its first result has its name, others `name:1` and so on. */
export interface NodeDef {
  readonly name: string;
  readonly op: string;
  readonly input: readonly string[];
  readonly attr: NodeAttributes;
}

/** The values of a node `Const`, row-major. */
export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A graph of TensorFlow. Feature maps are NHWC. */
export interface GraphDef {
  readonly nodes: readonly NodeDef[];
  readonly weights: readonly Weight[];
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

export const FLOAT: NodeAttribute = { type: 'DT_FLOAT' };
export const INT32: NodeAttribute = { type: 'DT_INT32' };
export const flag = (value: boolean): NodeAttribute => ({ b: value });
export const whole = (value: number): NodeAttribute => ({ i: String(value) });
export const real = (value: number): NodeAttribute => ({ f: value });
export const text = (value: string): NodeAttribute => ({ s: base64(value) });
export const texts = (values: readonly string[]): NodeAttribute => ({ list: { s: values.map(base64) } });
export const wholes = (values: readonly number[]): NodeAttribute => ({ list: { i: values.map(String) } });

/** −1 is an extent that is not fixed. */
export function tensorShape(shape: readonly number[]): TensorShape {
  return { dim: shape.map((extent) => ({ size: String(extent) })) };
}
