import { randomStream } from 'dna-nas/core';
import type { OptimiserFactory, PathSampler, ScheduleFactory } from 'dna-nas/core/contracts';
import { type ModuleTensor, tf } from 'dna-nas/nn';
import { Linear } from 'dna-nas/nn/layers';
import { type Check, demand } from '../check.js';
import { drawTensor, requireEqual, requireNoLeak } from '../tensors.js';

const SCHEDULE = { steps: 120, stepsPerEpoch: 30 };
const CHOICES = [3, 1, 4];
const STEPS = 3;
const RATE = 0.01;

/** A schedule: a pure function of the step. */
export function scheduleChecks(create: ScheduleFactory): Check[] {
  const rates = () => Array.from({ length: SCHEDULE.steps }, (_, step) => create(SCHEDULE)(step));
  return [
    {
      name: 'gives a finite rate of at least 0 at every step',
      fix: 'Count steps from 0 to steps − 1.',
      run() {
        const wrong = rates().findIndex((rate) => !(rate >= 0 && Number.isFinite(rate)));
        demand(wrong < 0, () => `step ${wrong} has ${rates()[wrong]}`);
      },
    },
    {
      name: 'depends on the step alone',
      fix: 'Keep no state: a resumed run asks for later steps first.',
      run() {
        const rate = create(SCHEDULE);
        const backwards = rates().map((_, step) => rate(SCHEDULE.steps - 1 - step));
        requireEqual('a rate', rates(), backwards.reverse());
      },
    },
  ];
}

/** A sampler: a pure function of the draw. */
export function samplerChecks(sample: PathSampler): Check[] {
  const paths = (draws: readonly number[]) =>
    draws.map((draw) => sample({ choices: CHOICES, draw, random: randomStream('cell') }));
  const draws = Array.from({ length: 60 }, (_, draw) => draw);
  return [
    {
      name: 'draws one operation of each layer',
      fix: 'Give a whole number from 0 to choices[layer] − 1 for each layer.',
      run() {
        const wrong = paths(draws).find(
          (path) =>
            path.length !== CHOICES.length || path.some((at, layer) => !(at >= 0 && at < CHOICES[layer]!)),
        );
        demand(wrong === undefined, () => `it drew [${wrong}] of [${CHOICES}] operations`);
      },
    },
    {
      name: 'depends on the draw alone',
      fix: 'Fork the stream by the draw and keep no state between calls.',
      run: () =>
        requireEqual(
          'an operation',
          paths(draws).flat(),
          paths([...draws].reverse())
            .reverse()
            .flat(),
        ),
    },
  ];
}

/** An optimiser: slots by name, exact state. */
export function optimiserChecks(create: OptimiserFactory): Check[] {
  return [
    {
      name: 'changes the parameters that it is given, and no others',
      fix: 'Step exactly over `parameters`; a path that was not drawn stays as it is.',
      run: () => checkOnlyGiven(create),
    },
    {
      name: 'goes on from its saved state with the same bits',
      fix: 'Put every slot and step count into state(), and take them all back in load().',
      run() {
        const straight = train(create, STEPS + STEPS);
        requireEqual('a parameter', straight, train(create, STEPS + STEPS, STEPS));
      },
    },
    {
      name: 'leaves no tensor behind',
      fix: 'Dispose of slots in dispose(), and wrap each step in tf.tidy.',
      run: () => requireNoLeak(() => void train(create, STEPS)),
    },
  ];
}

function gradientsOf(layer: Linear, step: number): Map<string, tf.Tensor> {
  return new Map(
    [...layer.parameters()].map(([name, { shape }]) => [
      name,
      drawTensor(randomStream('gradient').fork(name, step), [...shape]),
    ]),
  );
}

/** Values of a small layer after some steps; after `interrupted` of them another optimiser takes the state over. */
function train(create: OptimiserFactory, steps: number, interrupted = Number.POSITIVE_INFINITY): number[] {
  const layer = new Linear({ inputs: 3, outputs: 2 }).initialise(randomStream('layer'));
  let optimiser = create();
  for (let step = 0; step < steps; step++) {
    if (step === interrupted) {
      const state = optimiser.state();
      optimiser.dispose();
      optimiser = create();
      optimiser.load(state);
    }
    const gradients = gradientsOf(layer, step);
    optimiser.step(layer.parameters(), gradients, RATE);
    tf.dispose([...gradients.values()]);
  }
  const values = [...layer.parameters().values()].flatMap(({ value }) => [...value.dataSync()]);
  optimiser.dispose();
  layer.dispose();
  return values;
}

function checkOnlyGiven(create: OptimiserFactory): void {
  const layer = new Linear({ inputs: 3, outputs: 2 }).initialise(randomStream('layer'));
  const optimiser = create();
  const { weight: given, bias: other } = layer as { weight: ModuleTensor; bias: ModuleTensor };
  const name = 'weight';
  const before = [given, other].map((one) => Float32Array.from(one.value.dataSync()));
  const gradients = gradientsOf(layer, 0);
  optimiser.step(new Map([[name, given]]), gradients, RATE);
  const after = [given, other].map((one) => Float32Array.from(one.value.dataSync()));
  tf.dispose([...gradients.values()]);
  optimiser.dispose();
  layer.dispose();
  demand(before[0]!.join() !== after[0]!.join(), () => `${name} was given and did not change`);
  requireEqual('a parameter that was not given', before[1]!, after[1]!);
}
