/** Points that are kept at most; past that, neighbours become one. */
const MOST_POINTS = 256;
/** Digits of a point: enough for a picture, and few bytes in every checkpoint. */
const DIGITS = 6;

/** A training's losses: point i is the mean of the steps from `every · i` on, `every` many. */
export interface LossCurve {
  /** A power of two. */
  readonly every: number;
  readonly losses: readonly number[];
}

/** A curve that goes on: with the steps that do not make a whole point yet. */
export interface LossCurveState extends LossCurve {
  readonly open: { readonly steps: number; readonly sum: number };
}

/** Keeps the losses of a training of any length in little space, to the same values however often it was stopped. */
export class LossRecorder {
  #every: number;
  #losses: number[];
  #steps: number;
  #sum: number;

  /** @param state where an earlier start has come to @default nothing */
  constructor(
    { every, losses, open }: LossCurveState = { every: 1, losses: [], open: { steps: 0, sum: 0 } },
  ) {
    this.#every = every;
    this.#losses = [...losses];
    this.#steps = open.steps;
    this.#sum = open.sum;
  }

  add(loss: number): void {
    this.#sum += loss;
    this.#steps += 1;
    if (this.#steps < this.#every) return;
    this.#losses.push(Number((this.#sum / this.#every).toPrecision(DIGITS)));
    [this.#steps, this.#sum] = [0, 0];
    if (this.#losses.length === MOST_POINTS) this.#thin();
  }

  #thin(): void {
    const pairs = Array.from({ length: MOST_POINTS / 2 }, (_, at) => this.#losses.slice(2 * at, 2 * at + 2));
    this.#losses = pairs.map(([one, other]) => Number(((one! + other!) / 2).toPrecision(DIGITS)));
    this.#every *= 2;
  }

  get curve(): LossCurve {
    return { every: this.#every, losses: [...this.#losses] };
  }

  get state(): LossCurveState {
    return { ...this.curve, open: { steps: this.#steps, sum: this.#sum } };
  }
}
