import { randomStream } from 'dna-nas/core';
import type { Dataset } from 'dna-nas/core/contracts';
import type { Graph } from '../graph/graph.js';
import { encodeModel } from '../onnx/encode-model.js';
import type { ModelRunner } from './model-runner.js';
import { quantisedValues } from './quantize-graph.js';
import type { Range } from './scales.js';

/** Training images, without augmentation, that ranges are of. */
const IMAGES = 256;
const BATCH = 16;

/** The least and greatest value that each activation takes. */
export async function calibrate(
  graph: Graph,
  {
    runner,
    dataset,
    opset,
  }: { readonly runner: ModelRunner; readonly dataset: Dataset; readonly opset: number },
): Promise<ReadonlyMap<string, Range>> {
  const values = quantisedValues(graph);
  const alsoOut = values.filter((name) => name !== graph.input.name);
  const session = await runner.load(
    encodeModel(graph, { opset, name: 'calibration', metadata: {}, alsoOut }),
  );
  const ranges = new Map<string, Range>();
  const note = (name: string, data: Float32Array) => {
    const [least, greatest] = ranges.get(name) ?? [0, 0];
    ranges.set(
      name,
      data.reduce<Range>(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [least, greatest]),
    );
  };
  for (const indices of batches(dataset)) {
    const { input } = await runner.read('train', indices);
    const found = await session.run({ [graph.input.name]: input });
    for (const name of values) note(name, name === graph.input.name ? input.data : found[name]!.data);
  }
  await session.release();
  return ranges;
}

function batches({ description: { size } }: Dataset): Uint32Array[] {
  const drawn = randomStream('quantize').permutation(size.train).subarray(0, IMAGES);
  const count = Math.ceil(drawn.length / BATCH);
  return Array.from({ length: count }, (_, at) => drawn.slice(at * BATCH, (at + 1) * BATCH));
}
