// Whether memory is flat over a thousand steps.
import { check, told } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const STEPS = 1000;
const FAKE_STEPS = 130;
/** As many as there are paths, so that every look comes after the same one. */
const EVERY = 30;
/** Looks of the beginning: by then all paths have been taken, and every buffer has its size. */
const SETTLED = 2;
/** What the host's memory may vary by: Node frees when it likes to. */
const HOST_MEGABYTES = 200;
const BATCH = 8;

export async function run({ device, fake, budget }) {
  const request = { device, precision: 'bf16', steps: fake ? FAKE_STEPS : STEPS, batch: fake ? 2 : BATCH };
  const { result, failure } = await runModule('./programs/distil.mjs', {
    ...{ ...request, watchEvery: EVERY, seconds: budget.left },
  });
  if (failure) return { rows: [check('steps', false, { value: failure, detail: failure })] };
  const { memory, cuts, losses } = result;
  const settled = memory.slice(SETTLED);
  const steps = losses.length;
  const rows =
    settled.length < 2
      ? [check('memory over the steps', false, { value: `only ${steps} steps in the time` })]
      : growthRows(settled, steps);
  return { rows, cuts, data: { memory } };
}

function growthRows(looks, steps) {
  const growth = (name) => looks.at(-1)[name] - looks[0][name];
  const reserved = looks.map(({ used, cached }) => used + cached);
  const host = growth('host') / 2 ** 20;
  return [
    told('steps that were watched', `${steps}`),
    check('tensors', growth('tensors') === 0, { value: `${growth('tensors')} more`, wanted: '0 more' }),
    check('bytes that tensors hold', growth('used') <= 0, {
      value: `${growth('used')} more`,
      wanted: '0 more',
    }),
    check('bytes that the allocator has', reserved.at(-1) <= Math.max(...reserved.slice(0, -1)), {
      value: `${reserved.at(-1) - reserved[0]} more`,
    }),
    check('memory of the host', host <= HOST_MEGABYTES, {
      value: `${host.toFixed(0)} MB more`,
      wanted: `≤ ${HOST_MEGABYTES} MB`,
    }),
  ];
}
