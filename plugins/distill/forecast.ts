import type { StageForecast, Task, World } from 'dna-nas/core/stages';
import type { DistillOptions } from './options.js';
import { planDistillation } from './plan.js';
import type { DistillStrategy } from './strategy.js';

const FLOAT_BYTES = 4;

/** Steps, images and memory of all rounds. One teacher pass a batch and phase feeds all cells of a round. */
export function forecastDistillation(
  world: World,
  {
    options,
    strategy,
    tasks,
  }: { options: DistillOptions; strategy: DistillStrategy; tasks: readonly Task[] },
): StageForecast {
  const cells = strategy.expected(world);
  const { steps, end, floats } = planDistillation(world, options, strategy.view(world, cells));
  const rounds = strategy.rounds?.(world) ?? 1;
  const kept = cells.map((cell) => strategy.createStudent(world, cell).activations?.() ?? 0);
  const share = options.batch / options.pathsPerStep;
  return {
    steps: steps * cells.length,
    stepsEach: steps,
    images: { distill: end * options.batch * rounds },
    macs: tasks.reduce((sum, { work }) => sum + work, 0),
    longestTask: longestOf(tasks, rounds),
    activationBytes: FLOAT_BYTES * (share * Math.max(...kept) + floats),
  };
}

/** Of the longest tasks of all rounds together, where each round trains the cells of blocks of its own. */
function longestOf(tasks: readonly Task[], rounds: number): number {
  const longest = new Map<unknown, number>();
  for (const { work, input } of tasks) {
    const round = rounds === 1 ? 0 : input.block;
    longest.set(round, Math.max(longest.get(round) ?? 0, work));
  }
  return [...longest.values()].reduce((sum, work) => sum + work, 0);
}
