import { tf } from 'dna-nas/nn';
import { joinNGrams, type NGramRules, requireSplits } from '../string-n-grams.js';
import type { TorchBackend } from '../torch-backend.js';
import { type TorchKernel, torchKernel, torchListKernel } from '../torch-kernel.js';

/** Strings are kept outside of the addon, and so is what is computed of them. */
const stringSplit = torchListKernel<tf.StringSplitAttrs>('StringSplit', ({ inputs, attributes, backend }) => {
  const [delimiters] = backend.strings(inputs.delimiter!);
  const rows = backend
    .strings(inputs.input!)
    .map((text) => split(text, delimiters!).filter(({ length }) => length > 0 || !attributes.skipEmpty));
  const tokens = rows.flat();
  const places = rows.flatMap((row, index) => row.flatMap((_, place) => [index, place]));
  const longest = rows.reduce((most, { length }) => Math.max(most, length), 0);
  return [
    makeIntegers(places, [tokens.length, 2], backend),
    backend.makeStrings(tokens, [tokens.length]),
    makeIntegers([rows.length, longest], [2], backend),
  ];
});

const stringToHashBucketFast = torchKernel<tf.StringToHashBucketFastAttrs>(
  'StringToHashBucketFast',
  ({ inputs, attributes, backend }) => {
    const buckets = backend
      .strings(inputs.input!)
      .map((text) => tf.util.fingerPrint64(text).modulo(attributes.numBuckets).getLowBitsUnsigned());
    return makeIntegers(buckets, inputs.input!.shape, backend);
  },
);

const staticRegexReplace = torchKernel<tf.StaticRegexReplaceAttrs>(
  'StaticRegexReplace',
  ({ inputs, attributes, backend }) => {
    const pattern = new RegExp(attributes.pattern, attributes.replaceGlobal ? 'g' : '');
    const replaced = backend
      .strings(inputs.x!)
      .map((text) => tf.util.decodeString(text).replace(pattern, attributes.rewrite));
    return backend.makeStrings(
      replaced.map((text) => tf.util.encodeString(text)),
      inputs.x!.shape,
    );
  },
);

const stringNGrams = torchListKernel<tf.StringNGramsAttrs>('StringNGrams', (call) => {
  const { inputs, attributes, backend } = call;
  const tokens = backend.strings(inputs.data!).map((text) => tf.util.decodeString(text));
  const splits = Array.from(backend.readSync(inputs.dataSplits!.dataId) as Int32Array);
  requireSplits(splits, tokens.length);
  const rules: NGramRules = { ...attributes, widths: attributes.nGramWidths };
  const rows = splits
    .slice(1)
    .map((end, row) => (tokens.length === 0 ? [] : joinNGrams(tokens.slice(splits[row], end), rules)));
  const ends = [0];
  for (const { length } of rows) ends.push(ends.at(-1)! + length);
  const all = rows.flat().map((text) => tf.util.encodeString(text));
  return [
    backend.makeStrings(all, [all.length]),
    makeIntegers(ends.slice(0, splits.length), inputs.dataSplits!.shape, backend),
  ];
});

export const STRING_KERNELS: readonly TorchKernel[] = [
  stringSplit,
  stringToHashBucketFast,
  staticRegexReplace,
  stringNGrams,
];

function makeIntegers(values: readonly number[], shape: number[], backend: TorchBackend): tf.TensorInfo {
  return { dataId: backend.write(Int32Array.from(values), shape, 'int32'), shape, dtype: 'int32' };
}

/** Splits at each byte that is a delimiter; without delimiters, into bytes. */
function split(text: Uint8Array, delimiters: Uint8Array): Uint8Array[] {
  if (text.length === 0) return [];
  if (delimiters.length === 0) return Array.from(text, (byte) => Uint8Array.of(byte));
  const parts: Uint8Array[] = [];
  let start = 0;
  text.forEach((byte, place) => {
    if (!delimiters.includes(byte)) return;
    parts.push(text.slice(start, place));
    start = place + 1;
  });
  return [...parts, text.slice(start)];
}
