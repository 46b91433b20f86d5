// The same bits twice: of training in two processes, in each precision.
import { check, skipped } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const STEPS = 20;
const FAKE_STEPS = 2;
const BATCH = 16;
const PRECISIONS = ['float32', 'bf16'];

export async function run({ device, fake, budget }) {
  const request = {
    device,
    deterministic: true,
    hash: true,
    steps: fake ? FAKE_STEPS : STEPS,
    batch: fake ? 2 : BATCH,
  };
  const rows = [];
  const cuts = [];
  for (const [index, precision] of PRECISIONS.entries()) {
    const seconds = budget.left / (PRECISIONS.length - index);
    const train = () => runModule('./programs/distil.mjs', { ...request, precision, seconds });
    // At the same time: what the other one does to the device must not show.
    const pair = await Promise.all([train(), train()]);
    cuts.push(...pair.flatMap(({ result }) => result?.cuts ?? []));
    rows.push(...rowsOf(pair, { precision, fake }));
  }
  return { rows, cuts };
}

function rowsOf(pair, { precision, fake }) {
  const broken = pair.find(({ failure }) => failure);
  if (broken)
    return [check(`steps in ${precision}`, false, { value: broken.failure, detail: broken.failure })];
  const [first, second] = pair.map(({ result }) => result);
  const steps = Math.min(first.losses.length, second.losses.length);
  const what = `bits of losses and weights after ${steps} steps, ${precision}`;
  if (fake)
    return [
      check(`${steps} deterministic steps, ${precision}`, steps > 0),
      skipped(what, 'it needs computed numbers'),
    ];
  const sameLosses = [...Array(steps).keys()].every(
    (at) => String(first.losses[at]) === String(second.losses[at]),
  );
  // One that was cut short has other weights, which says nothing.
  const whole = first.losses.length === second.losses.length;
  const sameWeights = !whole || first.weights === second.weights;
  const value = `losses ${sameLosses ? 'equal' : 'differ'}, weights ${!whole ? 'not compared' : sameWeights ? 'equal' : 'differ'}`;
  return [check(what, steps > 0 && sameLosses && sameWeights, { value, wanted: 'equal' })];
}
