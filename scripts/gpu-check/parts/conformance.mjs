// Values and gradients on the device, in both precisions: the suite of all ops, and every kernel at real sizes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../../bench/measure.mjs';
import { check, skipped, tiny } from '../rows.mjs';
import { runModule } from '../run-module.mjs';
import { distance } from '../summary.mjs';

const BATCH = 64;
const SUITE = 'test/backend-torch/cuda-ops-suite.test.ts';
const PRECISIONS = ['float32', 'bf16'];

/**
 * How far from float32 on the CPU, in norms of the tensor. bf16 rounds by 2⁻⁹; a whole layer's gradients pass a dozen
 * roundings and the norms' cancellations.
 */
const MOST = {
  float32: { kernel: 1e-4, layer: 2e-3 },
  bf16: { kernel: 1e-2, layer: 1e-1 },
};
/** Our kernels sum in float32 in either precision; a library's product of bf16 is rounded to bf16 once, at its end. */
const MOST_OF_SUMS = 1e-4;
const MOST_OF_ROUNDED_SUMS = 5e-3;

export async function run({ device, fake, batch, budget }) {
  const request = { batch: Math.min(batch || BATCH, fake ? 2 : BATCH), seconds: budget.left };
  const [suite, reference, ...found] = await Promise.all([
    device === 'cpu' || fake ? undefined : runSuite(budget.left),
    fake ? undefined : values({ ...request, device: 'cpu', precision: 'float32', exact: false }),
    ...PRECISIONS.map((precision) => values({ ...request, device, precision, exact: !fake })),
  ]);
  const cuts = [reference, ...found].flatMap((outcome) => outcome?.result?.cuts ?? []);
  const rows = [
    suiteRow(suite, fake),
    ...found.flatMap((outcome, index) => rowsOf(outcome, reference, PRECISIONS[index])),
  ];
  return { rows, cuts, data: { batch: request.batch } };
}

function values(request) {
  return runModule('./programs/values.mjs', request);
}

/** Vitest's end on the suite of ops; it is skipped where there is no GPU, which is a failure here. */
function runSuite(seconds) {
  const words = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', SUITE, '--reporter=dot'];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, words, { cwd: ROOT, timeout: 1000 * seconds });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.on('error', (error) => resolve({ good: false, output: error.message }));
    child.on('close', (code) => resolve({ good: code === 0 && !/skipped/.test(output), output }));
  });
}

function suiteRow(suite, fake) {
  const what = 'suite of all ops against double precision, float32';
  if (!suite) return skipped(what, fake ? 'it needs computed numbers' : 'the CPU has its own');
  const value = /Tests\s+(.*)/.exec(suite.output)?.[1] ?? '';
  return check(what, suite.good, { value, detail: suite.output.trim().slice(-2000) });
}

function rowsOf(outcome, reference, precision) {
  if (outcome.failure) return [check(`kernels in ${precision}`, false, failureOf(outcome))];
  const { cases, errors } = outcome.result;
  if (!reference)
    return [check(`kernels in ${precision}`, true, { value: `${Object.keys(cases).length} calls` })];
  if (reference.failure) return [check('reference on the CPU', false, failureOf(reference))];
  const distances = Object.entries(cases).flatMap(([name, found]) => {
    const expected = reference.result.cases[name];
    return expected ? [{ name, kernel: found.kernel, off: worst(found.summaries, expected.summaries) }] : [];
  });
  const sums = Object.entries(errors).map(([name, { kernel, error }]) => ({ name, kernel, off: error }));
  return [
    ...byKernel(distances, (kernel) => MOST[precision][kernel === 'MBConv' ? 'layer' : 'kernel']).map(
      (row) => ({
        ...row,
        what: `${row.what}, ${precision}`,
      }),
    ),
    ...byKernel(sums, (kernel) => mostOfSums(kernel, precision)).map((row) => ({
      ...row,
      what: `${row.what}, ${precision}: long sums`,
    })),
  ];
}

function mostOfSums(kernel, precision) {
  return precision === 'bf16' && kernel === 'Conv2dGradFilter' ? MOST_OF_ROUNDED_SUMS : MOST_OF_SUMS;
}

function failureOf({ failure }) {
  return { value: failure, detail: failure };
}

function worst(found, expected) {
  if (found.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(...found.map((summary, index) => distance(summary, expected[index])));
}

/** A row a kernel: its worst case. */
function byKernel(entries, mostOf) {
  const kernels = [...new Set(entries.map(({ kernel }) => kernel))];
  return kernels.map((kernel) => {
    const group = entries.filter((entry) => entry.kernel === kernel);
    const [farthest] = group.toSorted((a, b) => (b.off >= a.off ? 1 : -1));
    const most = mostOf(kernel);
    // Written so that NaN fails.
    const bad = group.filter(({ off }) => !(off <= most));
    const detail = bad.map(({ name, off }) => `${name} ${tiny(off)}`).join('; ');
    const value = `${tiny(farthest.off)} of ${group.length} shapes`;
    return check(kernel, bad.length === 0, { value, wanted: `≤ ${tiny(most)}`, detail });
  });
}
