// How long kernels take on the device, beside a copy of as many bytes.
import { tf } from 'dna-nas/nn';
import { awaitDevice } from './device.mjs';
import { isMap, resultsOf, runCase } from './run-case.mjs';

/** More than the largest L2 cache: sets of tensors that are walked through so hold nothing that is cached. */
const BEYOND_CACHE = 2 ** 29;
const MOST_SETS = 48;
const ROUNDS = 5;
/** A region of many calls, so that waiting for its end weighs nothing. */
const REGION_SECONDS = 8e-3;
const FEWEST_CALLS = 3;
const MOST_CALLS = 400;
/** Where issuing takes this share of the time, it is the host that is measured. */
const ISSUE_BOUND = 0.8;

/** Bytes of tensors as they are stored: maps in the precision's width, everything else as float32. */
export function bytesOf(tensors, batch, width) {
  return tensors.reduce((sum, tensor) => sum + tensor.size * (isMap(tensor, batch) ? width : 4), 0);
}

/**
 * Measures a case and a copy that moves the same bytes, by turns, walking through as many sets of inputs as the caches
 * cannot hold, and keeping as many outputs.
 * @param {import('./cases.mjs').Case} test
 * @param {object} options
 * @param {() => Record<string, tf.Tensor>} options.makeInputs
 * @param {number} options.batch
 * @param {number} options.width bytes of an element of a map
 * @param {number} [options.beyond] bytes that the sets together must exceed
 * @returns seconds of a call, of a copy, the median quotient of the pairs, and whether the host was too slow to tell
 */
export function timeBesideCopy(test, { makeInputs, batch, width, beyond = BEYOND_CACHE }) {
  const first = makeInputs();
  const trial = runCase(test, first);
  // An optimiser reads everything, and writes all but the gradients.
  const written = test.list ? bytesWrittenInPlace(test) : bytesOf(trial, batch, width);
  const bytes = bytesOf(Object.values(first), batch, width) + written;
  tf.dispose(trial);
  const count = Math.min(MOST_SETS, Math.max(2, Math.ceil(beyond / bytes)));
  const sets = [first, ...Array.from({ length: count - 1 }, makeInputs)];
  const copies = makeCopies(bytes / 2, { count, width });
  const kernel = cycle(sets, (set) => resultsOf(runCase(test, set), {}));
  const copy = cycle(copies, ([a, b]) => [tf.concat([a, b])]);
  const result = { bytes, ...compare(kernel, copy) };
  for (const each of [kernel, copy]) each.dispose();
  tf.dispose([sets.map((set) => Object.values(set)), copies]);
  return result;
}

function bytesWrittenInPlace({ kernel, inputs }) {
  const lists = { AdamStep: [4, 3], SgdStep: [3, 2], RmspropStep: [4, 3], Blend: [2, 1] };
  const [read, written] = lists[kernel];
  const all = Object.values(inputs).reduce((sum, { shape }) => sum + 4 * shape[0], 0);
  return (all * written) / read;
}

/** Pairs of halves that are copied into one tensor. */
function makeCopies(bytes, { count, width }) {
  // Maps, so that they are stored as such.
  const half = Math.max(1, Math.round(bytes / width / 2 / 256));
  return Array.from({ length: count }, () => [0, 1].map(() => narrowOnes([half, 1, 1, 256])));
}

function narrowOnes(shape) {
  return tf.tidy(() => tf.avgPool(tf.fill(shape, 1.5), 1, 1, 'valid'));
}

/** An action on sets in turn; as many outputs as there are sets stay alive, or each would be written into the same memory. */
function cycle(sets, action) {
  const kept = sets.map(() => []);
  let turn = 0;
  return {
    run() {
      const place = turn++ % sets.length;
      tf.dispose(kept[place]);
      kept[place] = action(sets[place]);
      return kept[place][0] ?? Object.values(sets[place])[0];
    },
    dispose: () => tf.dispose(kept),
    sets: sets.length,
  };
}

function compare(kernel, copy) {
  const plans = [kernel, copy].map((side) => ({ side, calls: callsOf(side) }));
  const pairs = Array.from({ length: ROUNDS }, (_, round) => {
    const order = round % 2 ? plans.toReversed() : plans;
    const times = new Map(order.map(({ side, calls }) => [side, region(side, calls)]));
    return { kernel: times.get(kernel), copy: times.get(copy) };
  });
  const of = (pick) => median(pairs.map(pick));
  return {
    seconds: of((pair) => pair.kernel.seconds),
    copySeconds: of((pair) => pair.copy.seconds),
    ofCopy: of((pair) => pair.copy.seconds / pair.kernel.seconds),
    hostBound: of((pair) => pair.kernel.issue / pair.kernel.seconds) > ISSUE_BOUND,
  };
}

/** Calls that fill a region, after every set has been used once. */
function callsOf(side) {
  region(side, Math.min(side.sets, MOST_CALLS));
  const { seconds } = region(side, FEWEST_CALLS);
  return Math.min(MOST_CALLS, Math.max(FEWEST_CALLS, Math.ceil(REGION_SECONDS / seconds)));
}

/** Seconds of a call from start to end, and of the host's part in it. */
function region(side, calls) {
  const began = performance.now();
  let last;
  for (let call = 0; call < calls; call++) last = side.run();
  const issued = performance.now();
  awaitDevice(last);
  const ended = performance.now();
  return { seconds: (ended - began) / 1000 / calls, issue: (issued - began) / 1000 / calls };
}

/** The middle value of an odd number. */
function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
