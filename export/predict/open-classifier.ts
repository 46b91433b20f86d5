import { builtInBackend } from 'dna-nas/configuration';
import { EVALUATE, tf } from 'dna-nas/nn';
import { inputOf } from '../input-of.js';
import { openNetwork } from '../open-network.js';
import type { OpenedNetwork, TrainedRequest } from '../source/open-trained.js';
import type { Classifier } from './classifier.js';
import { openOnnx } from './onnx-classifier.js';

export interface ClassifierRequest extends TrainedRequest {
  /** A backend of the package by its short name. @default the run's own */
  readonly backend?: string | undefined;
}

/**
 * A trained network by its run, by a file of the run's results, or by the ONNX file that it was exported as. The first
 * two compute on a backend, which becomes the current one; the last on onnxruntime.
 *
 * @throws DnaError `PREDICT_RUNTIME` without onnxruntime, `PREDICT_MODEL` for an ONNX file that is not of `dna export`;
 * those of `openTrained`.
 */
export async function openClassifier(request: ClassifierRequest): Promise<Classifier> {
  const { source, project = process.cwd(), backend } = request;
  if (source.endsWith('.onnx')) return openOnnx(source, project);
  const opened = await openNetwork(request);
  const runtime = backend === undefined ? await opened.startBackend() : await started(backend);
  return onBackend(opened, runtime);
}

async function started(backend: string): Promise<string> {
  return (await (await builtInBackend(backend)).start({ workers: 1 })).description;
}

function onBackend(opened: OpenedNetwork, runtime: string): Classifier {
  const { height, width, channels } = opened.image;
  const network = opened.create();
  return {
    facts: { ...opened.facts, input: inputOf(opened, false) },
    runtime,
    async classify(images, count) {
      const maps = tf.tensor4d(images, [count, height, width, channels]);
      const logits = tf.tidy(() => network.forward(maps, EVALUATE));
      try {
        return (await logits.data()) as Float32Array;
      } finally {
        tf.dispose([maps, logits]);
      }
    },
    dispose: () => network.dispose(),
  };
}
