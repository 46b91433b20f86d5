import { resolve } from 'node:path';
import type { NetworkFacts } from '../source/facts.js';
import type { Classifier } from './classifier.js';
import { listImages } from './list-images.js';
import { modelImages } from './model-images.js';
import { type ClassifierRequest, openClassifier } from './open-classifier.js';

export interface PredictRequest extends ClassifierRequest {
  /** Files of images, and folders of such. */
  readonly images: readonly string[];
  /** Classes told of each image. @default 5 */
  readonly top?: number;
}

/** A class that an image may show. */
export interface LikelyClass {
  /** Its number in the order of the network's outputs. */
  readonly class: number;
  /** Where the network knows it. */
  readonly name?: string;
  /** 0 to 1; of all classes together 1. */
  readonly probability: number;
}

export interface PredictedImage {
  readonly file: string;
  /** Likeliest first; ties go to the lower class. */
  readonly classes: readonly LikelyClass[];
}

export interface Predictions {
  readonly facts: NetworkFacts;
  /** What computed, for people. */
  readonly runtime: string;
  readonly images: readonly PredictedImage[];
  /** Images that cannot be read, and why. */
  readonly damaged: readonly { readonly file: string; readonly problem: string }[];
}

/** Images at a time. */
const BATCH = 16;

/**
 * Classifies images of any size. One that is damaged is told and does not keep the others from being classified.
 *
 * @throws DnaError `PREDICT_IMAGES`, `PREDICT_PREPROCESSING`; those of `openClassifier`.
 */
export async function predictImages(request: PredictRequest): Promise<Predictions> {
  const { images: places, project = process.cwd(), top = 5 } = request;
  const files = listImages(places, project);
  const classifier = await openClassifier(request);
  try {
    const { facts, runtime } = classifier;
    const reader = await modelImages(facts);
    const read = (file: string) => reader.read(resolve(project, file));
    return { facts, runtime, ...(await classifyFiles(files, { classifier, read, top })) };
  } finally {
    await classifier.dispose();
  }
}

interface Work {
  readonly classifier: Classifier;
  readonly read: Awaited<ReturnType<typeof modelImages>>['read'];
  readonly top: number;
}

async function classifyFiles(
  files: readonly string[],
  { classifier, read, top }: Work,
): Promise<Pick<Predictions, 'images' | 'damaged'>> {
  const images: PredictedImage[] = [];
  const damaged: { file: string; problem: string }[] = [];
  for (let first = 0; first < files.length; first += BATCH) {
    const batch: { file: string; pixels: Float32Array }[] = [];
    for (const file of files.slice(first, first + BATCH)) {
      const image = await read(file);
      if ('problem' in image) damaged.push({ file, problem: image.problem });
      else batch.push({ file, pixels: image.pixels });
    }
    if (batch.length > 0) images.push(...(await classifyBatch(batch, classifier, top)));
  }
  return { images, damaged };
}

async function classifyBatch(
  batch: readonly { readonly file: string; readonly pixels: Float32Array }[],
  classifier: Classifier,
  top: number,
): Promise<PredictedImage[]> {
  const size = batch[0]!.pixels.length;
  const together = new Float32Array(batch.length * size);
  batch.forEach(({ pixels }, place) => {
    together.set(pixels, place * size);
  });
  const logits = await classifier.classify(together, batch.length);
  const { classes, classNames } = classifier.facts;
  return batch.map(({ file }, place) => {
    const probabilities = softmax(logits.subarray(place * classes, (place + 1) * classes));
    const likeliest = [...probabilities.keys()].sort(
      (a, b) => probabilities[b]! - probabilities[a]! || a - b,
    );
    const told = likeliest.slice(0, top).map((number) => {
      const name = classNames?.[number];
      return { class: number, ...(name !== undefined && { name }), probability: probabilities[number]! };
    });
    return { file, classes: told };
  });
}

/** Probabilities of the classes of one image, in float64. */
function softmax(logits: Float32Array): number[] {
  const most = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
