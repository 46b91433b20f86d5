import { notExported } from '../errors.js';
import { ModelProto } from '../onnx/schema.js';
import type { NetworkFacts } from '../source/facts.js';

/** Facts without which a network cannot be used. */
const NEEDED = ['name', 'height', 'width', 'channels', 'input', 'classes'] as const;

/** Facts that are texts; all others are JSON. */
const TEXTS = [
  'name',
  'architecture',
  'data',
  'colour',
  'input',
  'interpolation',
  'cropMode',
  'padding',
  'version',
];

/** What a model says of itself that `dna export` has written. @throws DnaError `PREDICT_MODEL` */
export function readOnnxFacts(bytes: Uint8Array, file: string): NetworkFacts {
  const entries = metadataOf(bytes, file);
  const missing = NEEDED.filter((key) => !entries.some((one) => one.key === key));
  if (missing.length > 0) throw notExported(file, `its metadata do not say ${missing.join(', ')}`);
  try {
    const facts = entries.map(({ key, value }) => [key, TEXTS.includes(key) ? value : JSON.parse(value)]);
    return Object.fromEntries(facts) as NetworkFacts;
  } catch {
    throw notExported(file, 'its metadata cannot be read');
  }
}

interface Entry {
  readonly key: string;
  readonly value: string;
}

function metadataOf(bytes: Uint8Array, file: string): readonly Entry[] {
  try {
    return (ModelProto.decode(bytes) as unknown as { readonly metadata_props: readonly Entry[] })
      .metadata_props;
  } catch {
    throw notExported(file, 'it cannot be read as ONNX');
  }
}
