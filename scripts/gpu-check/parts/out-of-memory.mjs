// Too large a batch ends in an error that says so, and a smaller one goes on in the same process.
import { check } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const MEGABYTES = 3000;
const TOO_MANY_IMAGES = 512;
/** Megabytes: constants of the other batch stay, and the allocator's blocks are larger than what was asked for. */
const MOST_KEPT = 4;
const TEXT =
  /^The torch backend is out of memory: [\d.]+ MB were wanted while tensors hold [\d.]+ MB; it has [\d.]+ MB in all\.$/;

export async function run({ device, fake, budget }) {
  const limited = { device, memory: MEGABYTES, large: TOO_MANY_IMAGES };
  const rows = await exhaust(limited, `a step of ${TOO_MANY_IMAGES} images in ${MEGABYTES} MB`, {
    fake,
    budget,
  });
  // A machine whose own memory is exhausted ends processes at will.
  if (device === 'cpu') return { rows };
  const whole = { device, memory: 0, large: 0 };
  return { rows: [...rows, ...(await exhaust(whole, 'tensors that fill the card', { fake, budget }))] };
}

async function exhaust(request, what, { fake, budget }) {
  const { result, failure } = await runModule('./programs/exhaust.mjs', { ...request, seconds: budget.left });
  if (failure) return [check(what, false, { value: failure, detail: failure })];
  const { before, error, after } = result;
  const text = error ? `${error.code}: ${error.message} ${error.hint ?? ''}` : 'no error';
  const good =
    error?.code === 'OUT_OF_MEMORY' && TEXT.test(error.message) && /smaller batch/.test(error.hint ?? '');
  const finite = fake || after.losses.every(Number.isFinite);
  const kept = (after.used - before.used) / 2 ** 20;
  return [
    check(`${what}: the error`, good, { value: text, wanted: 'OUT_OF_MEMORY', detail: text }),
    check(`${what}: a smaller batch goes on`, finite, {
      value: `losses ${after.losses.map((loss) => loss.toPrecision(3)).join(' ')}`,
    }),
    check(`${what}: nothing is left behind`, after.tensors === before.tensors && kept <= MOST_KEPT, {
      value: `${after.tensors - before.tensors} tensors, ${kept.toFixed(2)} MB`,
      wanted: `0, ≤ ${MOST_KEPT} MB`,
    }),
  ];
}
