// The backend on the device that is checked, and tensors on it.
import { availableParallelism } from 'node:os';
import { randomStream } from 'dna-nas/core';
import { tf } from 'dna-nas/nn';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';

/** Makes the torch backend the current one. Megabytes of `memory`, 0 for what there is. */
export function openDevice({ device, precision = 'float32', deterministic = false, memory = 0 }) {
  return startTorchBackend({ device, precision, deterministic, memory, threads: availableParallelism() });
}

/** The same as settings of a run. */
export function settingsOf({ device, precision = 'float32', deterministic = false, memory = 0 }) {
  const settings = { device, precision, deterministic, memory };
  return Object.entries(settings).map(([name, value]) => `backend.${name}=${value}`);
}

/** The largest power of two up to `most` of which so many bytes an image fit into the device's memory. */
export function fittingBatch(backend, { most, bytes }) {
  const { limit } = backend.native.memory();
  let batch = most;
  while (batch > 1 && batch * bytes > limit) batch /= 2;
  return batch;
}

/** Waits until the device has done all that it was given: there is one stream, and this reads behind its end. */
export function awaitDevice(tensor) {
  tf.tidy(() => {
    const flat = tf.reshape(tensor, [-1]);
    tf.slice(flat, [0], [1]).dataSync();
  });
}

/** Prime, so that images, rows and channels of a tensor never repeat at the same places. */
const DRAWN = 1_000_003;
let table;

/**
 * Normal values, from one table that repeats: element i is `block[i % block.length]`.
 * @param {readonly number[]} shape
 * @param {{ seed?: number, about?: number, deviation?: number, narrow?: boolean }} options `narrow`: only values that
 *   bf16 has, so that both precisions compute on the same numbers
 */
export function drawn(shape, { seed = 0, about = 0, deviation = 1, narrow = false } = {}) {
  table ??= normals();
  const size = sizeOf(shape);
  const block = new Float32Array(Math.min(size, DRAWN));
  for (let at = 0; at < block.length; at++) block[at] = about + deviation * table[(at + seed * 7919) % DRAWN];
  if (narrow) {
    const bits = new Uint32Array(block.buffer);
    for (let at = 0; at < bits.length; at++) bits[at] &= 0xffff0000;
  }
  if (size <= DRAWN) return block;
  const values = new Float32Array(size);
  for (let at = 0; at < size; at += DRAWN) values.set(block.subarray(0, size - at), at);
  return values;
}

function normals() {
  const stream = randomStream('gpu-check').fork('values');
  return Float32Array.from({ length: DRAWN }, () => stream.normal());
}

/** Elements of a shape. */
export function sizeOf(shape) {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** The same map [n, h, w, c] as activations are stored: in bf16 where that is the precision. Disposes the one given. */
export function stored(map) {
  // A pool of single pixels: its output is an activation, whatever its input is.
  const result = tf.avgPool(map, 1, 1, 'valid');
  map.dispose();
  return result;
}
