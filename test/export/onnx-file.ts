import protobuf from 'protobufjs';

/** The messages of onnx.proto (proto2) that are read here, as ONNX 1.17 has them. */
const PROTO = `
syntax = "proto2";
package onnx;
message AttributeProto {
  optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4;
  repeated float floats = 7; repeated int64 ints = 8; optional int32 type = 20;
}
message ValueInfoProto { optional string name = 1; optional TypeProto type = 2; }
message NodeProto {
  repeated string input = 1; repeated string output = 2; optional string name = 3; optional string op_type = 4;
  repeated AttributeProto attribute = 5; optional string domain = 7;
}
message StringStringEntryProto { optional string key = 1; optional string value = 2; }
message ModelProto {
  optional int64 ir_version = 1; optional string producer_name = 2; optional string producer_version = 3;
  optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14;
}
message GraphProto {
  repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
}
message TensorProto {
  repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8; optional bytes raw_data = 9;
}
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; }
}
message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
`;

const Model = protobuf.parse(PROTO, { keepCase: true }).root.lookupType('onnx.ModelProto');

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface Node {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, number | readonly number[]>>;
}

export interface Value {
  readonly name: string;
  readonly shape: readonly (number | string)[];
}

export interface OnnxFile {
  readonly format: number;
  readonly opsets: readonly { domain?: string; version: number }[];
  readonly producer: readonly [name: string, version: string];
  readonly metadata: Readonly<Record<string, string>>;
  readonly nodes: readonly Node[];
  readonly initialisers: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/** Messages as they are decoded, by the names of their fields; lists that are empty are absent. */
interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  ints?: number[];
}

interface TensorProto {
  name: string;
  dims?: number[];
  data_type: number;
  raw_data: Uint8Array;
}

interface ValueProto {
  name: string;
  type: {
    tensor_type: { elem_type: number; shape?: { dim: { dim_value?: number; dim_param?: string }[] } };
  };
}

interface NodeProto {
  name: string;
  op_type: string;
  input?: string[];
  output: string[];
  attribute?: AttributeProto[];
}

interface ModelProto {
  ir_version: number;
  producer_name: string;
  producer_version: string;
  opset_import: { domain?: string; version: number }[];
  metadata_props?: { key: string; value: string }[];
  graph: { node: NodeProto[]; initializer?: TensorProto[]; input: ValueProto[]; output: ValueProto[] };
}

/** Reads an ONNX file by a schema of its own. */
export function readOnnx(bytes: Uint8Array): OnnxFile {
  const model = Model.toObject(Model.decode(bytes), { longs: Number }) as ModelProto;
  const { graph } = model;
  return {
    format: model.ir_version,
    opsets: model.opset_import,
    producer: [model.producer_name, model.producer_version],
    metadata: Object.fromEntries((model.metadata_props ?? []).map(({ key, value }) => [key, value])),
    nodes: graph.node.map(({ name, op_type: op, input = [], output, attribute = [] }) => ({
      ...{ name, op, inputs: input, outputs: output },
      attributes: Object.fromEntries(attribute.map(attributeOf)),
    })),
    initialisers: new Map((graph.initializer ?? []).map((tensor) => [tensor.name, tensorOf(tensor)])),
    inputs: graph.input.map(namedValue),
    outputs: graph.output.map(namedValue),
  };
}

function attributeOf({ name, type, f, i, ints }: AttributeProto): [string, number | readonly number[]] {
  if (type === 1) return [name, f!];
  if (type === 2) return [name, i!];
  if (type === 7) return [name, ints ?? []];
  throw new Error(`An attribute of type ${type}: ${name}.`);
}

function tensorOf({ dims = [], data_type: type, raw_data: raw }: TensorProto): Tensor {
  const bytes = Uint8Array.from(raw);
  if (type === 1) return { shape: dims, data: Float64Array.from(new Float32Array(bytes.buffer)) };
  if (type === 7) return { shape: dims, data: Float64Array.from(new BigInt64Array(bytes.buffer), Number) };
  if (type === 2) return { shape: dims, data: Float64Array.from(bytes) };
  if (type === 3) return { shape: dims, data: Float64Array.from(new Int8Array(bytes.buffer)) };
  if (type === 6) return { shape: dims, data: Float64Array.from(new Int32Array(bytes.buffer)) };
  throw new Error(`A tensor of type ${type}.`);
}

function namedValue({ name, type }: ValueProto): Value {
  if (type.tensor_type.elem_type !== 1) throw new Error(`${name} is not float32.`);
  return { name, shape: (type.tensor_type.shape?.dim ?? []).map((dim) => dim.dim_param ?? dim.dim_value!) };
}
