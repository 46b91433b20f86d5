import protobuf from 'protobufjs/light.js';

/** A field by its number and type; `[]` behind the type says that there are any number of them. */
type Fields = Readonly<Record<string, readonly [number: number, type: string]>>;

/** What of ONNX's messages (onnx.proto) a model of ours has. */
const MESSAGES: Readonly<Record<string, Fields>> = {
  ModelProto: {
    ir_version: [1, 'int64'],
    producer_name: [2, 'string'],
    producer_version: [3, 'string'],
    doc_string: [6, 'string'],
    graph: [7, 'GraphProto'],
    opset_import: [8, 'OperatorSetIdProto[]'],
    metadata_props: [14, 'StringStringEntryProto[]'],
  },
  OperatorSetIdProto: { domain: [1, 'string'], version: [2, 'int64'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
  GraphProto: {
    node: [1, 'NodeProto[]'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto[]'],
    input: [11, 'ValueInfoProto[]'],
    output: [12, 'ValueInfoProto[]'],
  },
  NodeProto: {
    input: [1, 'string[]'],
    output: [2, 'string[]'],
    name: [3, 'string'],
    op_type: [4, 'string'],
    attribute: [5, 'AttributeProto[]'],
  },
  AttributeProto: {
    name: [1, 'string'],
    f: [2, 'float'],
    i: [3, 'int64'],
    s: [4, 'bytes'],
    ints: [8, 'int64[]'],
    type: [20, 'int32'],
  },
  TensorProto: { dims: [1, 'int64[]'], data_type: [2, 'int32'], name: [8, 'string'], raw_data: [9, 'bytes'] },
  ValueInfoProto: { name: [1, 'string'], type: [2, 'TypeProto'] },
  TypeProto: { tensor_type: [1, 'TensorTypeProto'] },
  TensorTypeProto: { elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] },
  TensorShapeProto: { dim: [1, 'DimensionProto[]'] },
  DimensionProto: { dim_value: [1, 'int64'], dim_param: [2, 'string'] },
};

function messageType([name, fields]: [string, Fields]): protobuf.Type {
  const type = new protobuf.Type(name);
  for (const [field, [number, written]] of Object.entries(fields)) {
    const single = written.replace('[]', '');
    const rule = written === single ? undefined : 'repeated';
    type.add(new protobuf.Field(field, number, single, rule));
  }
  return type;
}

const root = new protobuf.Root();
for (const entry of Object.entries(MESSAGES)) root.add(messageType(entry));

/** The message that a file of ONNX is. */
export const ModelProto: protobuf.Type = root.lookupType('ModelProto');
