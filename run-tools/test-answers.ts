import type { ClassAnswers, ImageAnswer } from 'dna-nas/accuracy';
import type { NetworkResult } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';

/** What a network of a run told of the test images, class by class. */
export interface NetworkAnswers extends ClassAnswers, Pick<NetworkResult, 'agreementWith'> {
  readonly name: string;
}

/** Test images as they entered a network, with what it told of them. */
export interface NetworkExamples {
  readonly name: string;
  readonly examples: readonly ImageAnswer[];
  /** Normalised pixels: examples, height, width, channels. */
  readonly shape: readonly number[];
  readonly pixels: Float32Array;
}

/** Of some networks of a run those that were tested class by class: earlier versions did not keep that. */
export function answersOfNetworks(run: AttachedRunFolder, names: readonly string[]): NetworkAnswers[] {
  return run.taskIds().flatMap((id) => {
    const task = run.readTask(id);
    const name = String(task?.input.name);
    if (task?.stage !== 'retrain' || !names.includes(name) || !run.hasResult(id)) return [];
    const { agreementWith, byClass } = run.loadResult(id)!.json as TestedJson;
    return byClass ? [{ name, ...byClass, ...(agreementWith && { agreementWith }) }] : [];
  });
}

interface TestedJson extends Pick<NetworkResult, 'agreementWith'> {
  readonly byClass?: ClassAnswers;
}

/** Those that its training has kept of a network; undefined where it has kept none. */
export function examplesOfNetwork(run: AttachedRunFolder, name: string): NetworkExamples | undefined {
  const id = `examples-${name}`;
  // A name from a summary need not be one of a file.
  if (!run.resultIds().includes(id)) return undefined;
  const { json, tensors } = run.loadResult(id)!;
  const { shape, data } = tensors.get('images')!;
  return { name, examples: json.examples as readonly ImageAnswer[], shape, pixels: data };
}
