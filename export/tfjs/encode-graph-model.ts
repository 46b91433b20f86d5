import { packageVersion } from 'dna-nas/core';
import type { Graph } from '../graph/graph.js';
import { type GraphDef, type TensorShape, tensorShape } from './graph-def.js';
import { translateGraph } from './translate-graph.js';

/** Of a file of weights, as TensorFlow's own converter has them: browsers load several at once, and keep them. */
const SHARD_BYTES = 4 * 2 ** 20;

/** A graph model of TensorFlow.js: its files by name, `model.json` first. */
export type GraphModelFiles = ReadonlyMap<string, Uint8Array>;

/** A graph as the files that `tf.loadGraphModel` loads; equal graphs give equal bytes. @throws DnaError `EXPORT_OPERATION` */
export function encodeGraphModel(graph: Graph, metadata: object): GraphModelFiles {
  const definition = translateGraph(graph);
  const shards = shardsOf(definition);
  const model = {
    format: 'graph-model',
    generatedBy: `dna-nas ${packageVersion()}`,
    convertedBy: null,
    signature: {
      inputs: { [graph.input.name]: described(graph, graph.input.name) },
      outputs: { [graph.output.name]: described(graph, graph.output.name) },
    },
    userDefinedMetadata: metadata,
    modelTopology: {
      node: definition.nodes,
      library: {},
      versions: { producer: 1 },
    },
    weightsManifest: [{ paths: shards.map(([name]) => name), weights: definition.weights.map(weightSpec) }],
  };
  return new Map([['model.json', Buffer.from(`${JSON.stringify(model)}\n`)], ...shards]);
}

interface TensorInfo {
  readonly name: string;
  readonly dtype: 'DT_FLOAT';
  readonly tensorShape: TensorShape;
}

function described({ forms }: Graph, name: string): TensorInfo {
  return { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: tensorShape(forms.get(name)!.shape) };
}

function weightSpec({ name, shape, data }: GraphDef['weights'][number]) {
  return { name, shape, dtype: data instanceof Int32Array ? 'int32' : 'float32' };
}

function shardsOf({ weights }: GraphDef): [name: string, bytes: Uint8Array][] {
  const bytes = Buffer.concat(
    weights.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength)),
  );
  const count = Math.max(1, Math.ceil(bytes.length / SHARD_BYTES));
  return Array.from({ length: count }, (_, index) => [
    `group1-shard${index + 1}of${count}.bin`,
    bytes.subarray(index * SHARD_BYTES, (index + 1) * SHARD_BYTES),
  ]);
}
