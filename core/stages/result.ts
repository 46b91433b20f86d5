import type { Architecture, CellChoice, Costs } from '../contracts/space.js';

/** A candidate of one block with its rating (lower is better). */
export interface RatedCandidate extends CellChoice {
  readonly block: number;
  readonly rating: number;
}

/** All candidates of one cell: `values[i]` rates the path whose mixed-radix number is i (last layer fastest). */
export interface CellRatings {
  readonly block: number;
  readonly cell: number;
  readonly choices: readonly number[];
  readonly values: Float64Array;
}

export interface FoundArchitecture {
  readonly architecture: Architecture;
  /** The space's one-line form. */
  readonly text: string;
  /** Sum over the blocks; the reported optimum's sum is in block order. */
  readonly rating: number;
  readonly costs: Costs;
}

export interface SearchResult {
  readonly best: FoundArchitecture;
  readonly top: readonly FoundArchitecture[];
  /** Rating against the first limited cost (or macs). */
  readonly front: readonly FoundArchitecture[];
  /** A uniformly drawn network whose costs come nearest to the best's without passing the limits. */
  readonly random: FoundArchitecture;
  /** All different ones that were asked for, `random` first; fewer where no more were found. Absent: `random` alone. */
  readonly randoms?: readonly FoundArchitecture[];
  /** Where networks were priced by a table of latencies, a `LatencyRecord`: which one, by name and SHA-256. */
  readonly latency?: { readonly file: string; readonly fingerprint: string };
}

/**
 * Share of images, 0 to 1, of which the label is the first guess (`top1`) or among the first five (`top5`). Of data
 * without labels the teacher's first guess stands for the label.
 */
export interface Accuracy {
  readonly top1: number;
  readonly top5: number;
}

/** Test images of one class. */
export interface ClassResult {
  readonly name: string;
  readonly images: number;
  /** How many of them were right. */
  readonly right: number;
}

/** Accuracies after an epoch of training. */
export interface EpochResult extends Accuracy {
  /** Passes over the training images, at the end of which this was measured. */
  readonly epoch: number;
  /** Mean training loss since the last measurement. */
  readonly loss: number;
  /** Of the trained weights themselves, where those that count are their moving average. */
  readonly raw?: Accuracy;
}

/** One trained or given network in the summary. */
export interface NetworkResult {
  readonly name: 'teacher' | 'found' | 'random' | (string & {});
  /** In the space's words, where the run was given several networks. */
  readonly architecture?: string;
  /** Of its training, where it is not the run's. */
  readonly seed?: number;
  /** What its training started from, where that was not drawn: `inherited`, `sliced`, or a file of weights, by its SHA-256 too. */
  readonly from?: string;
  readonly fromSha256?: string;
  readonly params: number;
  readonly macs: number;
  /** `teacher`: the data have no labels, and what follows is agreement with its first answers, no accuracy. */
  readonly agreementWith?: 'teacher';
  /** Test accuracy, 0 to 1. */
  readonly top1: number;
  /** Test accuracy of the five best guesses, 0 to 1. */
  readonly top5?: number;
  /** Mean over the classes of the share of their test images that are right, where classes are unbalanced. */
  readonly balanced?: number;
  /** Every class that has test images, where they are unbalanced. */
  readonly perClass?: readonly ClassResult[];
  /** Test images that the accuracies were measured on. */
  readonly images?: number;
  /** 95 % confidence intervals of the accuracies for that many images. */
  readonly intervals?: Readonly<Record<keyof Accuracy, readonly [low: number, high: number]>>;
  /** Of the trained weights themselves, where those that count are their moving average. */
  readonly raw?: Accuracy;
  /** The epoch of the best accuracy. Chosen on the test images, so that it flatters. */
  readonly best?: EpochResult;
  /** Accuracies while it was trained, in order. */
  readonly epochs?: readonly EpochResult[];
}

/** How two networks differ on test images that both were measured on. */
export interface NetworkComparison {
  /** Their names in the summary. */
  readonly network: string;
  readonly against: string;
  /** Top-1 of `network` minus that of `against`, −1 to 1. */
  readonly difference: number;
  /** Its 95 % confidence interval for that many images, image by image: where it holds zero, none was shown. */
  readonly interval: readonly [low: number, high: number];
  readonly images: number;
  /** Images that only one of the two got right. */
  readonly discordant: number;
}

/** Where a network stands among several random ones of its cost, and how far from their mean. */
export interface RandomStanding extends Pick<NetworkComparison, 'network' | 'images'> {
  /** Names of the random networks. */
  readonly among: readonly string[];
  /** Share of them, in percent, that have a lower top-1; one of the same counts half. */
  readonly percentile: number;
  /** Top-1 of `network` minus their mean, −1 to 1. */
  readonly difference: number;
  /** Its 95 % interval, with the random networks' own spread in it. */
  readonly interval: readonly [low: number, high: number];
}

/** Thread seconds of a stage on one device, over all starts of a run. */
export interface LedgerRow {
  readonly stage: 'distill' | 'rank' | 'search' | 'retrain';
  /** `device 0`, `core 3`; empty: on whatever core was free; `elsewhere`: in processes of their own, as jobs. */
  readonly device: string;
  /** Of its threads with tasks: the sum of the others. */
  readonly seconds: number;
  /** What the stage is for: training cells, rating, searching, retraining. */
  readonly compute: number;
  /** Passes of the teacher that every cell of a thread reads. */
  readonly teacher: number;
  /** Waiting for images. */
  readonly data: number;
  /** Waiting for other threads. */
  readonly threads: number;
  readonly checkpoints: number;
}

export interface RunSummary {
  readonly preset: string | null;
  /** Present in a run of `--smoke`. */
  readonly smoke?: true;
  readonly seed: number;
  readonly backend: string;
  readonly seconds: number;
  readonly architecture: string;
  /** Of the architecture by the search; null where there was none, as the network was given. */
  readonly rating: number | null;
  readonly networks: readonly NetworkResult[];
  /** The found network against each other one; absent where the images that each got right are not known. */
  readonly comparisons?: readonly NetworkComparison[];
  /** The found network among the random ones, where there are several. */
  readonly standing?: RandomStanding;
  readonly stages: Readonly<Record<string, number>>;
  /** What threads spent their time on, by stage and device; absent where an earlier version did the run. */
  readonly ledger?: readonly LedgerRow[];
  /** What a reader must know before trusting any figure: the teacher was never trained, say. */
  readonly warnings?: readonly string[];
}
