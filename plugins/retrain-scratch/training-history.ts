import type { StateDict } from 'dna-nas/core/contracts';
import type { Accuracy, EpochResult, TaskState } from 'dna-nas/core/stages';
import type { AccuracyTally } from 'dna-nas/nn/training';
import type { Measured } from './evaluator.js';
import type { TrainingPlan } from './plan.js';

const BEST = 'best/';

interface Kept {
  /** Step at which the last epoch was told to be over. */
  readonly ended: number;
  readonly lossSum: number;
  readonly lossSteps: number;
  readonly epochs: readonly EpochResult[];
  readonly best?: EpochResult;
  /** Which images were right when it was measured last, and how many of each class. */
  readonly rightOnes?: Pick<AccuracyTally, 'right' | 'classes'>;
  /** How far the measurement after an epoch has come: of the weights that count, then of the trained ones beside them. */
  readonly tallies?: readonly AccuracyTally[];
}

/** What is known of a training so far beside its weights: losses, accuracies, the best epoch's weights. */
export class TrainingHistory {
  readonly #plan: TrainingPlan;
  #kept: Kept = { ended: 0, lossSum: 0, lossSteps: 0, epochs: [] };
  #bestWeights: StateDict = new Map();
  #loss = 0;

  constructor(plan: TrainingPlan) {
    this.#plan = plan;
  }

  get epochs(): readonly EpochResult[] {
    return this.#kept.epochs;
  }

  /** How far the measurement of the epoch that has ended is, where one has begun. */
  get tallies(): readonly AccuracyTally[] | undefined {
    return this.#kept.tallies;
  }

  /** Images that it has looked at. */
  get measured(): number {
    return this.tallies?.[0]?.images ?? 0;
  }

  /** Of which test images the network was right when it was measured last, which it has been. */
  get rightOnes(): Pick<AccuracyTally, 'right' | 'classes'> {
    return this.#kept.rightOnes!;
  }

  keepTallies(tallies: readonly AccuracyTally[]): void {
    this.#kept = { ...this.#kept, tallies };
  }

  /** The measurement of the highest top-1, the first of equals. */
  get best(): EpochResult | undefined {
    return this.#kept.best;
  }

  /** By tensor name in files' layout; empty if no best weights are kept. */
  get bestWeights(): StateDict {
    return this.#bestWeights;
  }

  addLoss(loss: number): void {
    const { lossSum, lossSteps } = this.#kept;
    this.#kept = { ...this.#kept, lossSum: lossSum + loss, lossSteps: lossSteps + 1 };
  }

  /** Whether an epoch, or the training, is over after so many steps and was not told to be. */
  epochEnded(step: number): boolean {
    const { steps, order } = this.#plan;
    return step > this.#kept.ended && (step === steps || step % order.stepsPerEpoch === 0);
  }

  /** Books the epoch that has ended; returns whether what was measured is the best so far. */
  endEpoch(step: number, measured: Measured | undefined): boolean {
    const { lossSum, lossSteps, epochs, best } = this.#kept;
    this.#loss = lossSum / Math.max(1, lossSteps);
    const fresh = { ended: step, lossSum: 0, lossSteps: 0 };
    if (!measured) {
      this.#kept = { ...this.#kept, ...fresh };
      return false;
    }
    const { top1, top5, raw, right, classes } = measured;
    const epoch = step / this.#plan.order.stepsPerEpoch;
    const result: EpochResult = { epoch, loss: this.#loss, top1, top5, ...(raw && { raw }) };
    const isBest = !best || result.top1 > best.top1;
    const rightOnes = { right, classes };
    this.#kept = { ...fresh, epochs: [...epochs, result], best: isBest ? result : best, rightOnes };
    return isBest;
  }

  keepWeights(weights: StateDict): void {
    this.#bestWeights = weights;
  }

  /** What is told of the epoch that was booked last. */
  lastEpoch(step: number): { epoch: number; epochs: number; metrics: Readonly<Record<string, number>> } {
    const { steps, order } = this.#plan;
    const last = this.#kept.epochs.at(-1);
    const isMeasured = last?.epoch === step / order.stepsPerEpoch;
    const metrics = { loss: this.#loss, ...(isMeasured && accuracies(last)) };
    const count = (at: number) => Math.ceil(at / order.stepsPerEpoch);
    return { epoch: count(step), epochs: count(steps), metrics };
  }

  /** For a checkpoint, beside the trainer's own. */
  state(): TaskState {
    const tensors = [...this.#bestWeights].map(([name, tensor]) => [BEST + name, tensor] as const);
    return { json: { course: this.#kept }, tensors: new Map(tensors) };
  }

  load({ json, tensors }: TaskState): void {
    if (json.course) this.#kept = json.course as Kept;
    const best = [...tensors].filter(([name]) => name.startsWith(BEST));
    this.#bestWeights = new Map(best.map(([name, tensor]) => [name.slice(BEST.length), tensor]));
  }
}

function accuracies({ top1, top5 }: Accuracy): Accuracy {
  return { top1, top5 };
}
