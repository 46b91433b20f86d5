// Computes all cases on a device and sums up what comes out.
import { tf } from 'dna-nas/nn';
import { kernelCases } from '../cases.mjs';
import { openDevice, stored } from '../device.mjs';
import { errorOfSums } from '../exact.mjs';
import { layerCases } from '../mb-conv-cases.mjs';
import { productCases } from '../product-cases.mjs';
import { isMap, makeInputs, resultsOf, runCase } from '../run-case.mjs';
import { summarise } from '../summary.mjs';

/** @param {{ device: string, precision: string, batch: number, exact: boolean }} request `exact`: sums in double, too */
export async function run({ device, precision, batch, exact, budget }) {
  await openDevice({ device, precision });
  const [cases, errors] = [{}, {}];
  // The whole layers first: they are what a shortage of time must not leave out.
  const all = [...layerCases(batch), ...kernelCases(batch), ...productCases(batch)];
  for (const [index, test] of all.entries()) {
    const left = `${all.length - index} of ${all.length} cases on ${device} in ${precision}`;
    if (budget.left < 1 && !budget.allows(1, left)) break;
    const { summaries, values } = compute(test, batch);
    cases[test.name] = { kernel: test.kernel, summaries };
    const error = exact ? errorOfSums(test, values) : undefined;
    if (error !== undefined) errors[test.name] = { kernel: test.kernel, error };
  }
  return { cases, errors };
}

function compute(test, batch) {
  const tensors = makeInputs(test);
  if (!test.list) poison(runCase(test, tensors), batch);
  const outputs = runCase(test, tensors);
  const results = resultsOf(outputs, tensors);
  const values = results.map((tensor) => tensor.dataSync());
  const summaries = results.map(({ shape }, index) => summarise(values[index], shape, results.length));
  tf.dispose([outputs, Object.values(tensors)]);
  return { summaries, values };
}

/** Leaves NaN in the memory that the next outputs get: what a kernel does not write is seen. Disposes the outputs. */
function poison(outputs, batch) {
  const bad = outputs.map((output) => {
    const filled = tf.fill(output.shape, Number.NaN);
    return isMap(output, batch) ? stored(filled) : filled;
  });
  tf.dispose([outputs, bad]);
}
