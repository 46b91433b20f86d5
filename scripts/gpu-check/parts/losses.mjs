// Whether training in bf16 follows training in float32: the losses of some hundred steps along the same paths.
import { check, percent, skipped } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const STEPS = 300;
const FAKE_STEPS = 3;
const BATCH = 32;
/** Steps whose mean is compared: a single step's loss depends on its path. */
const WINDOW = 30;
const MOST = 0.03;

export async function run({ device, fake, budget }) {
  const steps = fake ? FAKE_STEPS : STEPS;
  const request = { device, steps, batch: fake ? 2 : BATCH };
  // float32 takes longer; both are to come as far.
  const wide = await distil({ ...request, precision: 'float32', seconds: 0.6 * budget.left });
  const narrow = await distil({ ...request, precision: 'bf16', seconds: budget.left });
  const broken = [wide, narrow].filter(({ failure }) => failure);
  if (broken.length > 0) {
    return { rows: broken.map(({ failure }) => check('steps', false, { value: failure, detail: failure })) };
  }
  const cuts = [...wide.result.cuts, ...narrow.result.cuts];
  return { cuts, ...compare(wide.result.losses, narrow.result.losses, fake) };
}

function distil(request) {
  return runModule('./programs/distil.mjs', request);
}

function compare(wide, narrow, fake) {
  const steps = Math.min(wide.length, narrow.length);
  const what = `losses of ${steps} steps in bf16 against float32`;
  if (fake)
    return {
      rows: [
        check(`${steps} steps in both precisions`, steps > 0),
        skipped(what, 'it needs computed numbers'),
      ],
    };
  const blocks = wide[0].map((_, block) => block);
  const off = blocks.map((block) => farthest(wide, narrow, { block, steps }));
  const finite = [...wide, ...narrow].flat().every(Number.isFinite);
  const fell = blocks.filter(
    (block) => meanOf(wide, { block, from: steps - WINDOW, to: steps }) < wide[0][block],
  );
  const most = Math.max(...off);
  const rows = [
    check(`losses of ${steps} steps are finite, and fall`, finite && fell.length === blocks.length, {
      value: `${fell.length} of ${blocks.length} blocks`,
    }),
    check(what, most <= MOST, {
      value: `${percent(most)} apart at most, means of ${WINDOW} steps`,
      wanted: `≤ ${percent(MOST)}`,
      detail: off.map((value, block) => `block ${block + 1} ${(100 * value).toFixed(2)} %`).join(', '),
    }),
  ];
  return { rows, data: { wide, narrow } };
}

/** The largest difference of two windows' means, as a share of float32's. */
function farthest(wide, narrow, { block, steps }) {
  const differences = [0];
  for (let from = 0; from + WINDOW <= steps; from += WINDOW) {
    const window = { block, from, to: from + WINDOW };
    differences.push(Math.abs(meanOf(narrow, window) / meanOf(wide, window) - 1));
  }
  return Math.max(...differences);
}

function meanOf(losses, { block, from, to }) {
  const window = losses.slice(Math.max(0, from), to);
  return window.reduce((sum, step) => sum + step[block], 0) / window.length;
}
