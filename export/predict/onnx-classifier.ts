import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reasonOf } from 'dna-nas/errors';
import { notExported } from '../errors.js';
import type { NetworkFacts } from '../source/facts.js';
import type { Classifier } from './classifier.js';
import { readOnnxFacts } from './onnx-facts.js';
import { loadOnnxRuntime } from './onnxruntime.js';

/** A model that `dna export` has written. @throws DnaError `PREDICT_MODEL`, `PREDICT_RUNTIME` */
export async function openOnnx(file: string, project: string): Promise<Classifier> {
  const bytes = readModel(file, project);
  const facts = readOnnxFacts(bytes, file);
  const { name, runtime } = await loadOnnxRuntime(project, {
    otherwise: 'predict by the run: --model runs/NAME',
  });
  const session = await runtime.InferenceSession.create(bytes);
  return {
    facts,
    runtime: name,
    async classify(images, count) {
      const { channels, height, width } = facts;
      const shape = [count, channels, height, width];
      const input = new runtime.Tensor('float32', channelsFirst(images, facts), shape);
      const { logits } = await session.run({ input });
      return logits!.data;
    },
    dispose: () => session.release(),
  };
}

function readModel(file: string, project: string): Uint8Array {
  try {
    return readFileSync(resolve(project, file));
  } catch (cause) {
    throw notExported(file, `it cannot be read (${reasonOf(cause, project)})`);
  }
}

/** [n, h, w, c] → [n, c, h, w] */
function channelsFirst(images: Float32Array, { height, width, channels }: NetworkFacts): Float32Array {
  const places = height * width;
  const size = places * channels;
  return Float32Array.from(images, (_, at) => {
    const [image, rest] = [Math.floor(at / size), at % size];
    return images[image * size + (rest % places) * channels + Math.floor(rest / places)]!;
  });
}
