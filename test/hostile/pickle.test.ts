import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dictionary,
  int32,
  integer,
  named,
  type Piece,
  pickle,
  tensor,
  text,
  torchLegacy,
  torchZip,
  tuple,
} from './make-torch.js';
import { beside, expectRefused, judgeTorch } from './torch-verdict.js';

/** A numpy type of eight bytes with a state. */
function numpyType(order: string, parts: string): Piece[] {
  const state = tuple('K\x03', text(order), parts, 'NNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00');
  return [named('numpy', 'dtype'), tuple(text('f8'), '\x89\x88'), 'R', state, 'b'];
}

describe('names', () => {
  test.each([
    ['os', 'system'],
    ['posix', 'system'],
    ['nt', 'system'],
    ['subprocess', 'Popen'],
    ['builtins', 'eval'],
    ['builtins', 'exec'],
    ['builtins', 'getattr'],
    ['__builtin__', 'getattr'],
    ['__builtin__', '__import__'],
    ['torch', 'load'],
    ['torch.storage', '_load_from_bytes'],
    ['torch.hub', 'load'],
    ['torch._utils', '_rebuild_qtensor'],
    ['torch', 'QInt8Storage'],
    ['torch', 'ComplexFloatStorage'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['functools', 'partial'],
    ['copyreg', '_reconstructor'],
    ['torchvision.models.resnet', 'ResNet'],
    ['collections', 'OrderedDict.__reduce__'],
    ['torch._utils _rebuild_tensor_v2', ''],
    ['', ''],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
  ])('%s.%s is refused and named', (module, name) => {
    const message = new RegExp(`asks for "${module}.${name}" \\(byte \\d+ of data.pkl\\)`);
    expectRefused(torchZip(beside(named(module, name), '(tR')), message);
    expectRefused(torchZip(beside(text(module), text(name), '\x93')), message);
    expect(judgeTorch(torchLegacy(beside(named(module, name))))).toHaveProperty('refused');
  });

  test('without an end are refused', () => {
    expectRefused(torchZip(beside(`c${'a'.repeat(1e6)}`)), /has no end/);
  });

  test.each([
    ['a type is called', [named('torch', 'FloatStorage'), ')R'], /calls torch.FloatStorage, which is a type/],
    [
      'an object of another type is created',
      [named('collections', 'OrderedDict'), ')\x81'],
      /creates an object/,
    ],
    [
      'an object is created of arguments',
      [named('argparse', 'Namespace'), '(K\x01t\x81'],
      /creates an object/,
    ],
    ['a text is called', [text('os.system'), ')R'], /applies what is no name/],
    ['a name is applied to a list', [named('collections', 'OrderedDict'), ']R'], /applies what is no name/],
    ['a tensor is given a state', [tensor(), '}b'], /gives a state to what has none/],
    ['a dictionary is given a state', ['}}b'], /gives a state to what has none/],
    ['a name is given a state', [named('collections', 'OrderedDict'), '}b'], /gives a state/],
    [
      'an object gets a list as state',
      [named('argparse', 'Namespace'), ')\x81]b'],
      /state that is no dictionary/,
    ],
    [
      'a field has no text as name',
      [named('argparse', 'Namespace'), ')\x81}K\x01K\x01sb'],
      /name is no text/,
    ],
    [
      'a tensor is made by another name',
      [
        named('torch._tensor', '_rebuild_from_type_v2'),
        tuple(named('torch', 'device'), named('torch', 'Tensor'), ')', 'N'),
        'R',
      ],
      /by what makes none/,
    ],
    ['an encoding is another', [named('_codecs', 'encode'), tuple(text('a'), text('rot13')), 'R'], /Latin-1/],
    ['a device is a list', [named('torch', 'device'), tuple(']'), 'R'], /device that is no text/],
    [
      'a numpy type is an object',
      [named('numpy', 'dtype'), tuple(text('O8'), '\x89\x88'), 'R'],
      /numpy type other/,
    ],
    ['a numpy type is big-endian', [...numpyType('>', '\x89')], /another byte order/],
    ['a numpy type has parts', [...numpyType('<', ')')], /parts or another version/],
    [
      'a numpy scalar is too long',
      [...numpyType('<', 'N'), 'q\x09', named('numpy.core.multiarray', 'scalar'), 'h\x09C\x09123456789\x86R'],
      /other than 8 bytes/,
    ],
    [
      'a numpy scalar has no type',
      [named('numpy.core.multiarray', 'scalar'), tuple('N', 'C\x01a'), 'R'],
      /no known type/,
    ],
  ] as const)('%s: refused', (_, pieces, message) => expectRefused(torchZip(beside(...pieces)), message));
});

describe('opcodes', () => {
  const read =
    'N\x88\x89JKM\x8aGX\x8c\x8dTUBC\x8e\x96()\x85\x86\x87t]ae}su\x8f\x90\x91qr\x94hjc\x93R\x81bQ\x80\x95.';

  test('on an empty stack are read or refused, those that are not read by their place', () => {
    for (let code = 0; code < 256; code++) {
      const opcode = String.fromCharCode(code);
      const bytes = torchZip(pickle(opcode));
      if (read.includes(opcode)) expect(judgeTorch(bytes)).toHaveProperty('refused');
      else expectRefused(bytes, /byte 2 of data.pkl is (no opcode|none that torch.save writes)/);
    }
  });

  test.each([
    ['POP', '0'],
    ['INST', 'i'],
    ['OBJ', 'o'],
    ['GLOBAL by number', '\x82'],
    ['PERSID', 'P'],
    ['NEWOBJ_EX', '\x92'],
    ['DUP', '2'],
    ['out-of-band data', '\x97'],
  ])('%s is refused by name and place', (_, opcode) => {
    expectRefused(torchZip(pickle('N', opcode)), /the opcode [A-Z0-9_]+ at byte 3 of data.pkl is none/);
  });

  test.each<[string, Uint8Array, RegExp]>([
    ['an older protocol', Uint8Array.of(0x80, 1, 0x7d, 0x2e), /protocol 1; 2 to 5/],
    ['a newer protocol', Uint8Array.of(0x80, 6, 0x7d, 0x2e), /protocol 6; 2 to 5/],
    ['text instead of a pickle', Buffer.from('import os'), /holds no pickle/],
    ['nothing', new Uint8Array(), /holds no pickle/],
    ['no end', pickle('}').subarray(0, -1), /ends at byte 3/],
    ['an end on an empty stack', pickle(), /takes a value where none is/],
    ['values left over', pickle('}}'), /values left over/],
    ['a mark left over', pickle('(}'), /takes a value|left over/],
    ['a value below a mark', pickle('}(s'), /takes a value where none is/],
    ['a tuple without a mark', pickle('t'), /mark where none is/],
    ['what was not stored', pickle('h\x07'), /asks for 7, which is not stored/],
    ['a place stored twice', pickle('}q\x01q\x01'), /under 1 a second time/],
    ['appending to a tuple', pickle(')Na'), /appends to what is no list/],
    ['appending to a shared tuple', pickle(')q\x01h\x01Na'), /appends to what is no list/],
    ['an entry of a list', pickle(']NNs'), /what is no dictionary/],
    ['a key without a value', pickle('}(Nu'), /key without a value/],
    [
      'a key twice',
      pickle(
        dictionary([
          ['a', 'N'],
          ['a', 'N'],
        ]),
      ),
      /"a" into a dictionary a second time/,
    ],
    ['a key that is a list', pickle('}]Ns'), /key that is no text/],
    ['an item of no set', pickle(']q\x01(N\x90'), /what is no set/],
    ['a text beyond the end', pickle('X', int32(0x7fffffff)), /2147483647 bytes are to follow/],
    ['a text of petabytes', pickle('\x8d', integer(2n ** 50n).subarray(2)), /1125899906842624 bytes/],
    ['bytes of petabytes', pickle('\x8e', integer(-1).subarray(2)), /18446744073709551615 bytes/],
    ['a frame of petabytes', pickle('\x95', integer(2n ** 50n).subarray(2)), /1125899906842624 bytes/],
    ['a text that is not UTF-8', pickle('X', int32(1), '\xff'), /not UTF-8/],
    ['an identifier that is a text', pickle('}', text('0'), 'Q'), /no storage/],
  ])('%s is refused', (_, data, message) => expectRefused(torchZip(data), message));
});

describe('much of little', () => {
  test.each<[string, Uint8Array, RegExp]>([
    ['lists in lists', beside(']'.repeat(400_000), 'a'.repeat(399_999)), /^$/],
    ['more lists than that', beside(']'.repeat(600_000)), /more than 500000 lists/],
    ['tuples in tuples', beside(')', '\x85'.repeat(400_000)), /^$/],
    ['marks', beside('('.repeat(3_000_000)), /more than 2000000 opcodes/],
    ['numbers', beside('(', 'N'.repeat(3_000_000), 't'), /more than 2000000 opcodes/],
    ['stored places', beside('N', '\x94'.repeat(3_000_000)), /more than 2000000 opcodes/],
    [
      'a shared list made into dictionaries',
      beside(
        '](',
        '(NNt'.repeat(10_000),
        'eq\x05',
        Array.from({ length: 50_000 }, () => 'ccollections\nOrderedDict\n(h\x05tR').join(''),
      ),
      /values to calls/,
    ],
    [
      'a shared text made into bytes',
      beside(text('a'.repeat(1e6)), 'q\x05', `c_codecs\nencode\n(h\x05${'U\x06latin1'}tR`.repeat(50_000)),
      /values to calls/,
    ],
  ])('%s', (_, data, message) => {
    const verdict = judgeTorch(torchZip(data));
    if (message.source !== '^$') expect(verdict).toEqual({ refused: expect.stringMatching(message) });
    else expect(verdict).toHaveProperty('value');
  });
});

test('any opcodes after one another are read or refused', () => {
  const pieces = [
    ...'N\x88\x89()t]ae}su\x8f\x90\x91\x94R\x81bQ\x85\x86\x87\x930',
    'K\x01',
    'h\x00',
    'h\x01',
    'q\x00',
    'q\x01',
    'X\x01\x00\x00\x00a',
    'G\x7f\xf0\x00\x00\x00\x00\x00\x00',
    'ccollections\nOrderedDict\n',
    'cargparse\nNamespace\n',
    'ctorch\nSize\n',
    'ctorch._utils\n_rebuild_tensor_v2\n',
    '(X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ',
    'c__builtin__\nset\n',
    'cnumpy\ndtype\n',
    'c_codecs\nencode\n',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }), (program) => {
      judgeTorch(torchZip(beside(...program)));
      judgeTorch(torchLegacy(pickle(...program)));
    }),
    { numRuns: 2000 },
  );
});
