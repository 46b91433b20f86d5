import { onceEach, type Ranked, type Weights } from './ranked.js';

export interface Picking {
  /** Networks that are picked. */
  readonly picks: number;
  /** A weight above 0 puts a network among those to pick from; drawn twice, it is still one. @default all */
  readonly weights?: Weights;
}

/**
 * What a predictor's best `picks` networks lose: the best value of all less the best among those picked, in the
 * values' unit. Where equal predictions stand at the border, which of them are picked is chance: it is the mean over
 * all ways to pick.
 */
export function regret(predictor: Ranked, values: Float64Array, { picks, weights }: Picking): number {
  const present = weights ?? onceEach(values.length);
  const best = bestPresent(values, present);
  const { order, ranks } = predictor;
  let [picked, found] = [0, Number.NEGATIVE_INFINITY];
  for (let end = order.length; end > 0 && picked < picks; ) {
    const tied: number[] = [];
    const rank = ranks[order[end - 1]!]!;
    for (; end > 0 && ranks[order[end - 1]!] === rank; end--) {
      if (present[order[end - 1]!]! > 0) tied.push(values[order[end - 1]!]!);
    }
    if (tied.length === 0) continue;
    found = meanBest(tied, { draws: Math.min(picks - picked, tied.length), atLeast: found });
    picked += tied.length;
  }
  return best - found;
}

function bestPresent(values: Float64Array, present: Weights): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) if (present[i]! > 0 && values[i]! > best) best = values[i]!;
  return best;
}

/** Expected best of `draws` values drawn without replacement, and of one that is there anyway. */
function meanBest(
  values: readonly number[],
  { draws, atLeast }: { readonly draws: number; readonly atLeast: number },
): number {
  const sorted = Float64Array.from(values).sort();
  let mean = 0;
  // Chance that all draws are among the lowest `count`.
  let chance = 1;
  for (let count = sorted.length; count >= draws; count--) {
    const lower = (chance * (count - draws)) / count;
    mean += (chance - lower) * Math.max(atLeast, sorted[count - 1]!);
    chance = lower;
  }
  return mean;
}
