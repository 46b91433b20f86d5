// Steps of a distillation by a run's own plugins: losses, memory, and the bits that come out.
import { createHash } from 'node:crypto';
import { tf } from 'dna-nas/nn';
import { stateDict } from 'dna-nas/nn/weights';
import { Student } from '../../../bench/torch/student.mjs';
import { settingsOf } from '../device.mjs';

/** A teacher by the statistics of each batch: untrained, its features keep their scale. */
const TEACHER = { architecture: 'efficientnet_b0', statistics: 'batch' };
const SECONDS_A_STEP = 0.5;

/**
 * @param {object} request
 * @param {number} request.steps at most; fewer where the time ends
 * @param {number} request.batch
 * @param {number} [request.watchEvery] steps between two looks at the memory
 * @param {boolean} [request.hash] whether the weights' bits are wanted
 */
export async function run({ steps, batch, watchEvery = 0, hash = false, budget, ...backend }) {
  const student = await Student.open({ teacher: TEACHER, batch, set: settingsOf(backend) });
  const [losses, memory] = [[], []];
  for (let number = 0; number < steps; number++) {
    const left = `${steps - number} of ${steps} steps in ${backend.precision}`;
    if (!budget.allows(SECONDS_A_STEP, left)) break;
    losses.push((await student.step({ path: number, upload: true })).losses);
    if (watchEvery > 0 && number % watchEvery === 0) memory.push(lookAtMemory(number));
  }
  return { losses, memory, ...(hash && { weights: bitsOf(student) }) };
}

function lookAtMemory(step) {
  const { used, cached, tensors: held } = tf.backend().native.memory();
  const { numTensors } = tf.memory();
  return { step, used, cached, held, tensors: numTensors, host: process.memoryUsage().rss };
}

/** SHA-256 of all weights of all cells. */
function bitsOf({ cells }) {
  const hash = createHash('sha256');
  for (const cell of cells) {
    for (const [name, { data }] of stateDict(cell)) {
      hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    }
  }
  return hash.digest('hex');
}
