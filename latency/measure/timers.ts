import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import { loadOnnxRuntime } from 'dna-nas/export';
import { EVALUATE, tf } from 'dna-nas/nn';
import { type MeasuredPart, withWeights } from '../files/measured-part.js';
import type { TableShape } from '../table/latency-table.js';
import type { Timed } from './stopwatch.js';

/** What parts are timed on. */
export interface Timer {
  /** For people, and to tell tables apart: `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  prepare(part: MeasuredPart, file: string): Promise<Timed>;
}

function drawnImages([height, width, channels]: TableShape, batch: number): Float32Array {
  const random = randomStream('latency');
  return Float32Array.from({ length: batch * height * width * channels }, () => random.uniform() - 0.5);
}

export interface OnnxTimerOptions {
  readonly project: string;
  /** Where the models are. */
  readonly folder: string;
  readonly threads: number;
  readonly batch: number;
}

/** Times models by the project's onnxruntime. @throws DnaError `PREDICT_RUNTIME` */
export async function onnxTimer({ project, folder, threads, batch }: OnnxTimerOptions): Promise<Timer> {
  const { name, version, runtime } = await loadOnnxRuntime(project, {
    threads,
    otherwise: 'measure our own backends: --runtime backend',
  });
  return {
    runtime: `${name} ${version}`,
    async prepare({ input: [height, width, channels] }, file) {
      const model = readFileSync(join(folder, file));
      const session = await runtime.InferenceSession.create(model, { intraOpNumThreads: threads });
      const images = drawnImages([height, width, channels], batch);
      const input = new runtime.Tensor('float32', images, [batch, channels, height, width]);
      return {
        run: async () => void (await session.run({ input })),
        release: () => session.release(),
      };
    },
  };
}

/** Times networks on the current backend; `runtime` says which that is. */
export function backendTimer(runtime: string, batch: number): Timer {
  return {
    runtime,
    async prepare(part) {
      const network = withWeights(part);
      const [height, width, channels] = part.input;
      const images = tf.tensor4d(drawnImages(part.input, batch), [batch, height, width, channels]);
      return {
        async run() {
          const output = tf.tidy(() => network.forward(images, EVALUATE));
          await output.data();
          output.dispose();
        },
        release() {
          images.dispose();
          network.dispose();
        },
      };
    },
  };
}
