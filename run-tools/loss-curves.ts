import type { AttachedRunFolder } from 'dna-nas/core/store';
import type { MetricsPoint } from 'dna-nas/files';

/** The losses of a cell's training, as far as it has come. */
export interface CellLosses {
  readonly block: number;
  readonly cell: number;
  /** That are trained. */
  readonly steps: number;
  readonly curve: readonly LossPoint[];
}

/** Some steps of a training as a picture has them. */
export interface LossPoint {
  /** In the middle of them. */
  readonly step: number;
  /** Mean over them. */
  readonly loss: number;
}

/** Points of a cell's curve at most. */
const MOST_POINTS = 256;

/** Those of the cells that have metrics: a run does without them. */
export function lossCurves(run: AttachedRunFolder): CellLosses[] {
  const tasks = run.taskIds().flatMap((id) => run.readTask(id) ?? []);
  return tasks
    .filter(({ stage }) => stage === 'distill')
    .flatMap(({ id, input }) => {
      const points = run.readMetrics(id)?.points ?? [];
      const curve = lossCurve(points, MOST_POINTS);
      const { block, cell } = input as unknown as CellLosses;
      return curve.length > 0 ? [{ block, cell, steps: points.at(-1)!.step, curve }] : [];
    });
}

/**
 * The losses of a training at few points, each of about as many steps as the others; steps whose loss is no number are
 * left out.
 * @param most points at most
 */
export function lossCurve(points: readonly MetricsPoint[], most: number): LossPoint[] {
  const width = Math.max(1, (points.at(-1)?.step ?? 0) / most);
  const bins = new Map<number, { steps: number; losses: number; middles: number }>();
  for (const { step, steps, loss } of points) {
    if (loss === undefined || !Number.isFinite(loss)) continue;
    const middle = step - steps / 2;
    const at = Math.min(most - 1, Math.floor(middle / width));
    const bin = bins.get(at) ?? { steps: 0, losses: 0, middles: 0 };
    bins.set(at, bin);
    bin.steps += steps;
    bin.losses += loss * steps;
    bin.middles += middle * steps;
  }
  return [...bins.values()].map(({ steps, losses, middles }) => ({
    step: middles / steps,
    loss: losses / steps,
  }));
}
