import { createRequire } from 'node:module';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { Network } from 'dna-nas/core/contracts';
import type { GraphModelFiles } from 'dna-nas/export';
import { tf } from 'dna-nas/nn';
import { type ImagesRequest, outputDifference } from './networks.js';

// Its entry for bundlers imports modules by names that Node does not find.
const { loadGraphModel } = createRequire(import.meta.url)(
  '@tensorflow/tfjs-converter',
) as typeof import('@tensorflow/tfjs-converter');

/** `model.json`, parsed. */
export function modelJson(files: GraphModelFiles) {
  return JSON.parse(Buffer.from(files.get('model.json')!).toString());
}

/** The files as TensorFlow.js's own reader loads them; to be disposed of. */
export function loadFiles(files: GraphModelFiles): Promise<GraphModel> {
  const { modelTopology, weightsManifest, signature, format, userDefinedMetadata } = modelJson(files);
  const paths = weightsManifest.flatMap((group: { paths: string[] }) => group.paths);
  const bytes = Buffer.concat(paths.map((path: string) => files.get(path)!));
  return loadGraphModel({
    load: async () => ({
      modelTopology,
      format,
      signature,
      userDefinedMetadata,
      weightSpecs: weightsManifest.flatMap(
        (group: { weights: tf.io.WeightsManifestEntry[] }) => group.weights,
      ),
      weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    }),
  });
}

/** The largest difference between a network's own output and that of a graph model, relative to the largest output. */
export async function graphModelDifference(
  files: GraphModelFiles,
  create: () => Network,
  request: ImagesRequest,
): Promise<number> {
  const model = await loadFiles(files);
  try {
    return outputDifference(create, request, ({ shape, data }) => {
      const y = tf.tidy(() => model.predict(tf.tensor4d(data, shape)) as tf.Tensor);
      const found = { shape: y.shape, data: Float64Array.from(y.dataSync()) };
      y.dispose();
      return found;
    });
  } finally {
    model.dispose();
  }
}
