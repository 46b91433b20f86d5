// A safetensors file with its filters and matrices in half precision, for files that are committed: half as large. Vectors
// (norms, biases) stay as they are. Prints by how much the values that changed differ.
//
//   node scripts/half-weights.mjs IN.safetensors OUT.safetensors
import { readFileSync, writeFileSync } from 'node:fs';
import { readSafetensors } from 'dna-nas/files';

const LARGEST = 65504;
const [from, to] = process.argv.slice(2);
const { tensors, metadata } = readSafetensors(readFileSync(from));
const header = { __metadata__: Object.fromEntries(metadata) };
const parts = [];
let [end, largest] = [0, 0];
for (const [name, { dtype, shape, data }] of tensors) {
  const halves = dtype === 'F32' && shape.length > 1;
  const values = halves ? Uint16Array.from(data, toHalf) : data;
  for (const [at, bits] of halves ? values.entries() : []) note(fromHalf(bits) - data[at]);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  header[name] = { dtype: halves ? 'F16' : dtype, shape, data_offsets: [end, end + bytes.length] };
  parts.push(bytes);
  end += bytes.length;
}
const json = JSON.stringify(header);
// As the format advises, so that the values begin at a multiple of 8.
const text = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8));
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(text.length));
writeFileSync(to, Buffer.concat([length, text, ...parts]));
console.log(`${to}: ${8 + text.length + end} bytes; values differ by at most ${largest.toExponential(1)}.`);

function note(difference) {
  largest = Math.max(largest, Math.abs(difference));
}

/** IEEE 754 binary16, to the nearest, ties to even. */
function toHalf(value) {
  if (!(Math.abs(value) <= LARGEST))
    throw new RangeError(`${value} has no half; at most ${LARGEST} is expected.`);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  // Below the smallest normal number the steps are all alike.
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)));
  const steps = roundEven(size / 2 ** (exponent - 10));
  return sign + (exponent + 14) * 1024 + steps;
}

function fromHalf(bits) {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

function roundEven(value) {
  const below = Math.floor(value);
  const rest = value - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
}
