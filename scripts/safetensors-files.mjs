// Safetensors files that are sound, and such that differ from sound ones in one or two hostile ways.

const WIDTHS = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, I32: 4, U8: 1 };
const OTHERS = ['BOOL', 'I8', 'I16', 'U16', 'U32', 'U64', 'F8_E4M3', 'F8_E5M2', 'C64', 'F4', 'f32', 'X', ''];
const NUMBERS = [
  '-1',
  '-0',
  '0',
  '1',
  '1.0',
  '4.0',
  '1e1',
  '0.5',
  '1e400',
  '01',
  '+1',
  'NaN',
  '"4"',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '18446744073709551615',
  '18446744073709551616',
  '-9223372036854775808',
  '99999999999999999999999999',
];
const NAMES = [
  '""',
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"__metadata__"',
  '"\\u0061"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '"\\ud83d\\ude00"',
  '"\\u0000"',
  '"a\\/b"',
  '"\\x41"',
  '"\n"',
  '"dtype"',
  '"<script>"',
  '"e\u0301"',
  'name',
  '1',
  'null',
  '"\u001b[31m"',
  '"\\u001b[31m"',
  '"\ufeff"',
];
const METADATA = [
  '{}',
  'null',
  '[]',
  '"text"',
  '1',
  'true',
  '{"a":1}',
  '{"a":null}',
  '{"a":{}}',
  '{"a":"b"}',
  '{"a":"b","a":"c"}',
  '{"__proto__":"x"}',
  '{"":""}',
  '{"a":["b"]}',
  '{"a":"\\ud800"}',
  '{"a":"b",}',
];

/** Undefined of an empty list. */
const pick = (random, list) => list[random.integer(Math.max(1, list.length))];
const names = (random, count) =>
  Array.from({ length: count }, (_, index) => `"t${index}.${random.integer(10)}"`);

/** A draft: entries of the header as JSON texts, and the data. */
function soundDraft(random) {
  let end = 0;
  const entries = names(random, random.integer(5)).map((key) => {
    const dtype = pick(random, Object.keys(WIDTHS));
    const shape = Array.from({ length: random.integer(4) }, () => random.integer(4));
    const begin = end;
    end += shape.reduce((size, extent) => size * extent, WIDTHS[dtype]);
    const fields = [
      ['"dtype"', `"${dtype}"`],
      ['"shape"', JSON.stringify(shape)],
      ['"data_offsets"', JSON.stringify([begin, end])],
    ];
    return { key, fields };
  });
  if (random.integer(3) === 0) entries.unshift({ key: '"__metadata__"', text: '{"format":"pt"}' });
  const data = Uint8Array.from({ length: end }, () => random.integer(256));
  return { entries, data, padding: ' '.repeat(random.integer(9)), before: '', length: undefined };
}

const entry = (draft, random) => pick(random, draft.entries);
const tensor = (draft, random) =>
  pick(
    random,
    draft.entries.filter(({ fields }) => fields),
  );

function setField(draft, random, key, text) {
  const found = tensor(draft, random)?.fields.find(([name]) => name === key);
  if (found) found[1] = text;
}

function editNumber(draft, random) {
  const key = pick(random, ['"shape"', '"data_offsets"']);
  const found = tensor(draft, random)?.fields.find(([name]) => name === key);
  if (!found) return;
  const numbers = found[1].slice(1, -1).split(',').filter(Boolean);
  numbers[random.integer(numbers.length + 1)] = pick(random, NUMBERS);
  found[1] = `[${numbers.join()}]`;
}

/** Moves one tensor's data: holes, overlaps, the wrong size. */
function shiftOffsets(draft, random) {
  const found = tensor(draft, random)?.fields.find(([name]) => name === '"data_offsets"');
  if (!found?.[1].startsWith('[')) return;
  const offsets = JSON.parse(found[1]);
  const by = random.integer(9) - 4;
  found[1] = JSON.stringify(
    offsets.map((offset, index) => (random.integer(2) || index > 1 ? offset : offset + by)),
  );
}

function deepen(draft, random) {
  const depth = pick(random, [2, 5, 7, 9, 60, 126, 130, 5000]);
  const text = random.integer(2)
    ? '['.repeat(depth) + ']'.repeat(depth)
    : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const found = tensor(draft, random);
  if (found) found.fields.push(['"deep"', text]);
  else draft.entries.push({ key: '"deep"', text });
}

const lengths = (header) => [
  0n,
  1n,
  BigInt(header - 1),
  BigInt(header + 1),
  BigInt(header + 8),
  100_000_000n,
  100_000_001n,
  1n << 31n,
  1n << 32n,
  1n << 53n,
  1n << 63n,
  (1n << 64n) - 1n,
];

/** Ways to spoil a file, by name; a way may happen to change nothing that counts. */
const MUTATIONS = {
  'length of the header': (draft, random) => {
    draft.length = random.integer(12);
  },
  'bit of the length': (draft, random) => {
    draft.flip = { from: 0, to: 8, at: random.uniform() };
  },
  'bit anywhere': (draft, random) => {
    draft.flip = { from: 8, at: random.uniform() };
  },
  'byte that is no UTF-8': (draft, random) => {
    draft.byte = { value: 128 + random.integer(128), at: random.uniform() };
  },
  truncated: (draft, random) => {
    draft.cut = random.uniform();
  },
  'bytes at the end': (draft, random) => {
    draft.data = Uint8Array.of(...draft.data, ...new Uint8Array(1 + random.integer(9)));
  },
  'bytes missing': (draft, random) => {
    draft.data = draft.data.subarray(0, Math.max(0, draft.data.length - 1 - random.integer(9)));
  },
  'text before the header': (draft, random) => {
    draft.before = pick(random, [' ', '\n', '\ufeff', '[', '\0', '//\n']);
  },
  'text after the header': (draft, random) => {
    draft.padding = pick(random, ['\n\t\r ', '\0', 'x', '}', '{}', '\f', '\u00a0', ',']);
  },
  'key twice': (draft, random) => {
    if (draft.entries.length) draft.entries.push(structuredClone(entry(draft, random)));
  },
  'field twice': (draft, random) => {
    const found = tensor(draft, random);
    if (found) found.fields.push([...(pick(random, found.fields) ?? ['"shape"', '[]'])]);
  },
  'field missing': (draft, random) => {
    const found = tensor(draft, random);
    found?.fields.splice(random.integer(3), 1);
  },
  'field more': (draft, random) => {
    tensor(draft, random)?.fields.push([pick(random, NAMES), pick(random, NUMBERS)]);
  },
  'fields in another order': (draft, random) => {
    tensor(draft, random)?.fields.reverse();
  },
  'tensors in another order': (draft) => {
    draft.entries.reverse();
  },
  name: (draft, random) => {
    const found = draft.entries.length && entry(draft, random);
    if (found) found.key = pick(random, NAMES);
  },
  dtype: (draft, random) =>
    setField(
      draft,
      random,
      '"dtype"',
      pick(
        random,
        [...OTHERS, ...Object.keys(WIDTHS)].map((name) => `"${name}"`),
      ),
    ),
  'type of a field': (draft, random) =>
    setField(draft, random, pick(random, ['"dtype"', '"shape"', '"data_offsets"']), pick(random, NUMBERS)),
  number: editNumber,
  offsets: shiftOffsets,
  'tensor of another type': (draft, random) => {
    const found = tensor(draft, random);
    if (found)
      Object.assign(found, {
        fields: undefined,
        text: pick(random, [...NUMBERS, '["F32",[],[0,4]]', '["U8",[0],[0,0]]']),
      });
  },
  metadata: (draft, random) => {
    draft.entries.splice(random.integer(2), 0, { key: '"__metadata__"', text: pick(random, METADATA) });
  },
  'empty tensor of great extents': (draft, random) => {
    setField(
      draft,
      random,
      '"shape"',
      pick(random, [
        '[4294967296,4294967296,0]',
        '[0,4294967296,4294967296]',
        '[9007199254740992,0]',
        '[3037000500,3037000500,0]',
        '[0]',
        '[0,0,0]',
        '[]',
      ]),
    );
  },
  'deep nesting': deepen,
  'comma or comment': (draft, random) => {
    draft.join = pick(random, [',,', ';', ', ', ',\n', ',/**/', ' ']);
  },
};

export const MUTATION_NAMES = Object.keys(MUTATIONS);

function encode(draft, random) {
  const texts = draft.entries.map(
    ({ key, fields, text }) =>
      `${key}:${fields ? `{${fields.map(([name, value]) => `${name}:${value}`).join()}}` : text}`,
  );
  const header = new TextEncoder().encode(
    `${draft.before}{${texts.join(draft.join ?? ',')}}${draft.padding}`,
  );
  const bytes = new Uint8Array(8 + header.length + draft.data.length);
  const length = draft.length === undefined ? BigInt(header.length) : lengths(header.length)[draft.length];
  new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, length), true);
  bytes.set(header, 8);
  bytes.set(draft.data, 8 + header.length);
  const within = ({ from = 8, to = 8 + header.length, at }) => from + Math.floor(at * (to - from));
  if (draft.flip) bytes[within(draft.flip)] ^= 1 << random.integer(8);
  if (draft.byte) bytes[within(draft.byte)] = draft.byte.value;
  return draft.cut === undefined ? bytes : bytes.subarray(0, Math.floor(draft.cut * bytes.length));
}

/** One file: sound for `mutation` undefined. */
export function makeFile(random, mutation) {
  const draft = soundDraft(random);
  if (mutation) MUTATIONS[mutation](draft, random);
  if (mutation && random.integer(4) === 0) MUTATIONS[pick(random, MUTATION_NAMES)](draft, random);
  return encode(draft, random);
}
