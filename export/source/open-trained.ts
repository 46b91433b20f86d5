import { basename } from 'node:path';
import { type JsonObject, packageVersion } from 'dna-nas/core';
import type { DataDescription, Dataset, FeatureShape, Network } from 'dna-nas/core/contracts';
import { openStoredRun } from 'dna-nas/core/run';
import type { TaskState } from 'dna-nas/core/stages';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { loadStateDict } from 'dna-nas/nn/weights';
import { loadTrained, planTrained, type TrainedShape, trainedNetworks } from 'dna-nas/run-tools';
import { noBest, noShape } from '../errors.js';
import { chooseNetwork } from './choose-network.js';
import { describeData, openRunData } from './describe-data.js';
import { imageFacts, type NetworkFacts, networkFacts } from './facts.js';
import { findSource } from './find-source.js';

/** Where the weights of a network come from. */
export type WeightsKind = 'retrained' | 'best' | 'inherited';

export interface TrainedRequest {
  /** The folder of a run, or a file of its results. */
  readonly source: string;
  /** Name or architecture of one of the run's networks. @default `found`, or the only one */
  readonly network?: string | undefined;
  /**
   * `best`: of the epoch that was best on the test images. `inherited`: of the supernet's cells, assembled without any
   * training of the network. @default 'retrained'
   */
  readonly weights?: WeightsKind | undefined;
  /** Folder that relative paths start from. @default process.cwd() */
  readonly project?: string;
  /** Options of kind `machine` by dotted path: `{ 'data.path': '/data' }`. */
  readonly machine?: JsonObject;
  /** Told what a user should know: that the data are not at hand, say. */
  noticed?(text: string): void;
}

/** A trained network that is ready to be exported. */
export interface OpenedNetwork {
  /** Name of its run. */
  readonly run: string;
  readonly image: FeatureShape;
  readonly facts: Omit<NetworkFacts, 'input'>;
  /** Makes it with its weights, on the current backend. */
  create(): Network;
  /** Makes the run's backend the current one; returns its description. */
  startBackend(): Promise<string>;
  /** Opens the data of its run. */
  openData(): Promise<Dataset>;
}

/** What the result of a retraining says. */
export interface Result extends Partial<TrainedShape> {
  readonly top1?: number;
  readonly top5?: number;
  readonly images?: number;
  readonly agreementWith?: 'teacher';
}

/**
 * Opens a network that a run has trained from scratch. Of the data set it asks how images are made ready and what the
 * classes are called; where the data are not at hand, it goes by what their options tell.
 *
 * @throws DnaError `EXPORT_SOURCE`, `EXPORT_NETWORK`, `RUN_NOT_FOUND`, `MODULE_FOREIGN`, `STORE_CORRUPT`.
 */
export async function openTrained(request: TrainedRequest): Promise<OpenedNetwork> {
  const { source, project = process.cwd(), machine = {} } = request;
  const found = findSource(source, project);
  const { folder, run } = await openStoredRun({ folder: found.run, project, machine });
  const space = await run.resolve('resolveSpace', 'space');
  const network = request.network ?? found.network;
  const chosen = chooseNetwork({ folder, space, run: source, network });
  const name = request.weights === 'best' ? bestOf(folder, chosen, source) : chosen;
  const { json, tensors } = loadTrained(folder, { name });
  const result = json as Result;
  const shape = requireShape(result, source, name);
  const { create } = planTrained(space, shape);
  const data = await describeData(run, folder, request);
  return {
    run: basename(found.run),
    image: shape.image,
    facts: {
      ...{ name, architecture: shape.architecture, ...networkFacts(create(), shape.image) },
      ...measured(result),
      ...pictured(shape, data),
      version: packageVersion(),
    },
    create: () => withWeights(create(), tensors),
    openData: () => openRunData(run, folder),
    startBackend: async () => {
      const backend = await run.resolve('resolveBackend', 'backend');
      return (await backend.start({ workers: 1 })).description;
    },
  };
}

/** @throws DnaError `EXPORT_NETWORK` where the run keeps no best epoch */
function bestOf(folder: AttachedRunFolder, name: string, run: string): string {
  const best = `${name}-best`;
  if (trainedNetworks(folder).some((one) => one.name === best)) return best;
  throw noBest(run, name);
}

/** @throws DnaError `EXPORT_NETWORK` where a result does not tell what network it is of. */
function requireShape(result: Result, source: string, name: string): TrainedShape {
  const { architecture, image, classes, batchNormEpsilon } = result;
  if (architecture === undefined || image === undefined || classes === undefined) throw noShape(source, name);
  return { architecture, image, classes, batchNormEpsilon };
}

export function withWeights(network: Network, tensors: TaskState['tensors']): Network {
  loadStateDict(network, new Map(tensors));
  return network;
}

export function measured(result: Result): Pick<NetworkFacts, 'accuracy' | 'agreementWithTeacher'> {
  const { top1, top5, images, agreementWith } = result;
  if (top1 === undefined) return {};
  const shares = { top1, ...(top5 !== undefined && { top5 }), ...(images !== undefined && { images }) };
  return agreementWith === undefined ? { accuracy: shares } : { agreementWithTeacher: shares };
}

/** What is known of the images and their classes. */
export function pictured({ image, classes }: TrainedShape, data: DataDescription | undefined) {
  const { name, preprocessing, classNames } = data ?? {};
  return {
    ...(name !== undefined && { data: name }),
    ...imageFacts(image),
    ...preprocessing,
    classes,
    ...(classNames && { classNames }),
  };
}
