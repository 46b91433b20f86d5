// Measures every kernel beside a copy, in one precision.
import { tf } from 'dna-nas/nn';
import { kernelCases } from '../cases.mjs';
import { fittingBatch, openDevice, stored } from '../device.mjs';
import { hostInput } from '../run-case.mjs';
import { timeBesideCopy } from '../timing.mjs';

/** Images that are drawn and uploaded; the batch repeats them. */
const DRAWN_IMAGES = 8;
const SECONDS_A_CASE = 0.5;

const MOST_IMAGES = 256;
/** The largest case: three maps of 112×112×96, in two sets, and as much for the copies; with some room. */
const BYTES_AN_IMAGE = 3 * 112 * 112 * 96 * 2 * 2 * 1.5;

/** @param {{ batch: number }} request 0 images: as many as the memory is enough for */
export async function run({ device, precision, fake, budget, ...request }) {
  const backend = await openDevice({ device, precision });
  const width = precision === 'bf16' ? 2 : 4;
  const batch = request.batch || fittingBatch(backend, { most: MOST_IMAGES, bytes: BYTES_AN_IMAGE * width });
  const figures = [];
  const all = inOrderOfWeight(kernelCases(batch));
  for (const [index, test] of all.entries()) {
    if (fake && index % 9 > 0) continue;
    if (!budget.allows(SECONDS_A_CASE, `${all.length - index} of ${all.length} kernels in ${precision}`))
      break;
    const makeInputs = () => deviceInputs(test, batch);
    const { name, kernel, shape, arithmetic = false } = test;
    figures.push({
      name,
      kernel,
      shape,
      arithmetic,
      ...timeBesideCopy(test, { makeInputs, batch, width, ...(fake && { beyond: 0 }) }),
    });
  }
  return { figures, batch };
}

/** The first shape of every kernel, then the second one, and so on: what is left out is the least. */
function inOrderOfWeight(cases) {
  const seen = new Map();
  const ranked = cases.map((test) => {
    const rank = seen.get(test.kernel) ?? 0;
    seen.set(test.kernel, rank + 1);
    return { test, rank };
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ test }) => test);
}

function deviceInputs({ inputs }, batch) {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input], index) => [name, deviceInput(input, index, batch)]),
  );
}

function deviceInput(input, index, batch) {
  const images = Math.min(batch, DRAWN_IMAGES);
  const repeats = input.map && batch % images === 0 ? batch / images : 1;
  const shape = repeats === 1 ? input.shape : [images, ...input.shape.slice(1)];
  const drawn = tf.tensor(hostInput({ ...input, shape }, index), shape);
  if (!input.map) return drawn;
  const narrow = stored(drawn);
  if (repeats === 1) return narrow;
  const whole = tf.tile(narrow, [repeats, 1, 1, 1]);
  narrow.dispose();
  return whole;
}
