// Runs out of the device's memory, and goes on.
import { tf } from 'dna-nas/nn';
import { Student } from '../../../bench/torch/student.mjs';
import { settingsOf } from '../device.mjs';

const TEACHER = { architecture: 'efficientnet_b0' };
const SMALL = 4;
/** 100 MB each; more of them than any card has room for. */
const FILLED = [256, 32, 32, 96];
const MOST_FILLED = 8192;

/**
 * @param {object} request
 * @param {number} request.memory megabytes that tensors may take; 0 for the whole device
 * @param {number} request.large images of the step that is too large; 0: the memory is filled with tensors instead
 */
export async function run({ device, memory, large }) {
  const set = settingsOf({ device, precision: 'float32', memory });
  const student = await Student.open({ teacher: TEACHER, batch: SMALL, set });
  const before = await look(student);
  const error = large > 0 ? await tooLarge(student, large) : fill();
  student.useBatch(SMALL);
  const after = await look(student);
  return { before, error, after };
}

/** A step along the same path, and what it leaves behind. */
async function look(student) {
  const { losses } = await student.step({ path: 0, upload: true });
  const { numTensors } = tf.memory();
  return { losses, tensors: numTensors, used: tf.backend().native.memory().used };
}

async function tooLarge(student, batch) {
  student.useBatch(batch);
  try {
    await student.step({ path: 0, upload: true });
    return undefined;
  } catch (error) {
    return describe(error);
  }
}

function fill() {
  const held = [];
  try {
    for (let count = 0; count < MOST_FILLED; count++) held.push(tf.fill(FILLED, 1));
    return undefined;
  } catch (error) {
    return describe(error);
  } finally {
    tf.dispose(held);
  }
}

function describe({ code, message, hint }) {
  return { code, message, hint };
}
