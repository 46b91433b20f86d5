// Whether memory is flat over a thousand steps.
import { check, skipped, told } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const STEPS = 1000;
const FAKE_STEPS = 130;
/** As many as there are paths, so that every look comes after the same one. */
const EVERY = 30;
/** Looks of the beginning: by then all paths have been taken, and every buffer has its size. */
const SETTLED = 2;
/** What the means of the first and of the last third may differ by; a leak of one batch a step is 1,000 times as much. */
const DEVICE_MEGABYTES = 4;
const RESERVED_MEGABYTES = 64;
/** Node frees when it likes to. */
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
      ? [skipped('memory over the steps', `only ${steps} steps in the time`)]
      : growthRows(settled, steps);
  return { rows, cuts, data: { memory } };
}

function growthRows(looks, steps) {
  const growth = (name) => looks.at(-1)[name] - looks[0][name];
  const third = Math.ceil(looks.length / 3);
  const mean = (part, of) => part.reduce((sum, look) => sum + of(look), 0) / part.length;
  // The allocator hands out blocks that are larger than asked by up to a megabyte: one look says little.
  const grown = (of) => (mean(looks.slice(-third), of) - mean(looks.slice(0, third), of)) / 2 ** 20;
  const rows = [
    ['bytes that tensors hold', grown(({ used }) => used), DEVICE_MEGABYTES],
    ['bytes that the allocator has', grown(({ used, cached }) => used + cached), RESERVED_MEGABYTES],
    ['memory of the host', grown(({ host }) => host), HOST_MEGABYTES],
  ];
  return [
    told('steps that were watched', `${steps}`),
    check('tensors', growth('tensors') === 0, { value: `${growth('tensors')} more`, wanted: '0 more' }),
    check('tensors of the addon', growth('held') === 0, {
      value: `${growth('held')} more`,
      wanted: '0 more',
    }),
    ...rows.map(([what, value, most]) =>
      check(what, value <= most, { value: `${value.toFixed(1)} MB more`, wanted: `≤ ${most} MB` }),
    ),
  ];
}
