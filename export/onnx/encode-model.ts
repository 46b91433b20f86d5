import { packageVersion } from 'dna-nas/core';
import { tooLarge } from '../errors.js';
import type { Attribute, Graph, GraphNode, GraphValue, Initialiser } from '../graph/graph.js';
import { formatVersion } from './opsets.js';
import { ModelProto } from './schema.js';

/** Numbers of TensorProto.DataType. */
const FLOAT = 1;
const UINT8 = 2;
const INT8 = 3;
const INT32 = 6;
const INT64 = 7;

/** Numbers of AttributeProto.AttributeType. */
const KINDS = { float: 1, int: 2, text: 3, ints: 7 } as const;

/** A message of protobuf holds less. */
const MOST_BYTES = 2 ** 31;

export interface ModelOptions {
  readonly opset: number;
  /** Of the graph. */
  readonly name: string;
  /** What is said of the model beside its graph, by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Values that are put out beside the graph's output. @default none */
  readonly alsoOut?: readonly string[];
}

/** A graph as the bytes of an ONNX file; equal graphs give equal bytes. @throws DnaError `EXPORT_SIZE` */
export function encodeModel(graph: Graph, { opset, name, metadata, alsoOut = [] }: ModelOptions): Uint8Array {
  requireSize(graph);
  const model = {
    ir_version: formatVersion(opset),
    producer_name: 'dna-nas',
    producer_version: packageVersion(),
    graph: {
      node: graph.nodes.map(nodeProto),
      name,
      initializer: [...graph.initialisers].map(tensorProto),
      input: [valueProto(graph.input)],
      output: [valueProto(graph.output), ...alsoOut.map(unshapedProto)],
    },
    opset_import: [{ domain: '', version: opset }],
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  };
  return ModelProto.encode(model).finish();
}

function requireSize({ initialisers }: Graph): void {
  const bytes = [...initialisers.values()].reduce((sum, { data }) => sum + data.byteLength, 0);
  if (bytes >= MOST_BYTES) throw tooLarge(bytes);
}

function nodeProto({ name, op, inputs, outputs, attributes }: GraphNode) {
  const attribute = Object.entries(attributes).map(([key, value]) => attributeProto(key, value));
  return { name, op_type: op, input: inputs, output: outputs, attribute };
}

function attributeProto(name: string, value: Attribute) {
  if ('float' in value) return { name, type: KINDS.float, f: value.float };
  if ('int' in value) return { name, type: KINDS.int, i: value.int };
  if ('ints' in value) return { name, type: KINDS.ints, ints: value.ints };
  return { name, type: KINDS.text, s: new TextEncoder().encode(value.text) };
}

function tensorProto([name, { shape, data }]: [string, Initialiser]) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: shape, data_type: dataType(data), raw_data: bytes };
}

function valueProto({ name, shape }: GraphValue) {
  const dim = shape.map((extent) => (extent === 'batch' ? { dim_param: extent } : { dim_value: extent }));
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}

function dataType(data: Initialiser['data']): number {
  if (data instanceof Float32Array) return FLOAT;
  if (data instanceof Uint8Array) return UINT8;
  if (data instanceof Int8Array) return INT8;
  return data instanceof Int32Array ? INT32 : INT64;
}

const unshapedProto = (name: string) => ({ name, type: { tensor_type: { elem_type: FLOAT } } });
