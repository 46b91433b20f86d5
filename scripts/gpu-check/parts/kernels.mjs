// Each kernel of ours against a copy of the same bytes in the same run.
import { check, percent, speed, told } from '../rows.mjs';
import { runModule } from '../run-module.mjs';

const FAKE_BATCH = 4;
/** Of a copy's bandwidth, where moving the bytes is what takes the time. */
const LEAST = 0.75;
/** bf16 is what a GPU trains in: it has the larger share of the time. */
const PRECISIONS = [
  { precision: 'bf16', share: 0.6 },
  { precision: 'float32', share: 0.4 },
];

export async function run({ device, fake, batch, budget }) {
  const [rows, cuts, data] = [[], [], {}];
  for (const { precision, share } of PRECISIONS) {
    const seconds = budget.seconds * share;
    const request = { device, fake, precision, seconds, batch: fake ? FAKE_BATCH : batch };
    const { result, failure } = await runModule('./programs/speeds.mjs', request);
    if (failure) {
      rows.push(check(`kernels in ${precision}`, false, { value: failure, detail: failure }));
      continue;
    }
    data[precision] = result.figures;
    cuts.push(...result.cuts);
    rows.push(...(fake ? [fakeRow(result.figures, precision)] : speedRows(result.figures, precision)));
  }
  return { rows, cuts, data };
}

function fakeRow(figures, precision) {
  const value = `${figures.length} kernels measured, which means nothing here`;
  return check(`the measurement in ${precision}`, figures.length > 0 && figures.every(isMeasured), { value });
}

function isMeasured({ bytes, seconds }) {
  return bytes > 0 && Number.isFinite(seconds) && seconds > 0;
}

/** A row a kernel: the shape that is farthest from a copy, of those that say something about the kernel. */
function speedRows(figures, precision) {
  const [largest] = figures.toSorted((a, b) => b.bytes - a.bytes);
  if (!largest) return [];
  const copy = `${(largest.bytes / largest.copySeconds / 1e9).toFixed(0)} GB/s, read and written`;
  const kernels = [...new Set(figures.map(({ kernel }) => kernel))];
  const rows = kernels.map((kernel) => {
    const group = figures.filter((figure) => figure.kernel === kernel);
    const judged = group.filter(({ hostBound, arithmetic }) => !hostBound && !arithmetic);
    return judged.length > 0 ? judgedRow(kernel, judged, precision) : unjudgedRow(kernel, group, precision);
  });
  return [told(`copy in ${precision}`, copy), ...rows];
}

function judgedRow(kernel, figures, precision) {
  const sorted = figures.toSorted((a, b) => a.ofCopy - b.ofCopy);
  const [slowest] = sorted;
  const middle = sorted[sorted.length >> 1];
  const text = `${percent(slowest.ofCopy)} at ${slowest.shape}; median ${percent(middle.ofCopy)} of ${sorted.length}`;
  const options = { text, least: LEAST, wanted: `≥ ${percent(LEAST)}` };
  return speed(`${kernel} against a copy, ${precision}`, slowest.ofCopy, options);
}

function unjudgedRow(kernel, figures, precision) {
  const [{ ofCopy, shape, seconds, hostBound }] = figures;
  const why = hostBound ? 'the host is slower' : 'arithmetic';
  const text = `${percent(ofCopy)}, ${milliseconds(seconds)} at ${shape}: ${why}`;
  return told(`${kernel} against a copy, ${precision}`, text);
}

function milliseconds(seconds) {
  return `${(1000 * seconds).toFixed(3)} ms`;
}
