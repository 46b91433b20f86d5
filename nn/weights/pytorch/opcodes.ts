import { torchInvalid, torchUnsupported } from './errors.js';
import { REFUSED_OPCODES } from './opcode-names.js';
import type { PickleBytes } from './pickle-bytes.js';
import { PickleMachine, type PickleRules } from './pickle-machine.js';
import type { PickleValue } from './pickle-values.js';

const STOP = '.'.charCodeAt(0);
const OLDEST_PROTOCOL = 2;
const NEWEST_PROTOCOL = 5;
const LONGEST_NAME = 200;
/** Some tens of bytes of memory each, where a file has one. Large checkpoints have some hundred thousand. */
const MOST_OPCODES = 2_000_000;

type Opcode = (machine: PickleMachine) => void;

/** Every opcode that `torch.save` writes with protocols 2 to 5; STOP ends the loop below. */
const OPCODES: ReadonlyMap<number, Opcode> = new Map<number, Opcode>(
  Object.entries<Opcode>({
    '\x80': ({ bytes, at }) => requireProtocol(bytes.uint8(), at, bytes.label),
    // A frame says how much to read ahead, which is all there already.
    '\x95': ({ bytes }) => void bytes.length64(),
    N: (machine) => machine.push(null),
    '\x88': (machine) => machine.push(true),
    '\x89': (machine) => machine.push(false),
    J: (machine) => machine.push(machine.bytes.int32()),
    K: (machine) => machine.push(machine.bytes.uint8()),
    M: (machine) => machine.push(machine.bytes.uint16()),
    '\x8a': (machine) => machine.push(decodeInteger(machine.bytes.take(machine.bytes.uint8()))),
    G: (machine) => machine.push(machine.bytes.float64()),
    X: (machine) => machine.push(machine.bytes.text(machine.bytes.uint32())),
    '\x8c': (machine) => machine.push(machine.bytes.text(machine.bytes.uint8())),
    '\x8d': (machine) => machine.push(machine.bytes.text(machine.bytes.length64())),
    // Texts of Python 2.
    T: (machine) => machine.push(machine.bytes.text(machine.bytes.uint32())),
    U: (machine) => machine.push(machine.bytes.text(machine.bytes.uint8())),
    B: (machine) => machine.push(machine.bytes.take(machine.bytes.uint32())),
    C: (machine) => machine.push(machine.bytes.take(machine.bytes.uint8())),
    '\x8e': (machine) => machine.push(machine.bytes.take(machine.bytes.length64())),
    '\x96': (machine) => machine.push(machine.bytes.take(machine.bytes.length64())),
    '(': (machine) => machine.mark(),
    ')': (machine) => machine.tuple(0),
    '\x85': (machine) => machine.tuple(1),
    '\x86': (machine) => machine.tuple(2),
    '\x87': (machine) => machine.tuple(3),
    t: (machine) => machine.pushContainer(Object.freeze(machine.popToMark())),
    ']': (machine) => machine.pushContainer([]),
    a: (machine) => machine.append([machine.pop()]),
    e: (machine) => machine.append(machine.popToMark()),
    '}': (machine) => machine.pushContainer(new Map()),
    s: setItem,
    u: (machine) => machine.setItems(machine.popToMark()),
    '\x8f': (machine) => machine.pushContainer(new Set()),
    '\x90': (machine) => machine.addItems(machine.popToMark()),
    '\x91': (machine) => machine.pushContainer(new Set(machine.popToMark().map((item) => machine.key(item)))),
    q: (machine) => machine.remember(machine.bytes.uint8()),
    r: (machine) => machine.remember(machine.bytes.uint32()),
    '\x94': (machine) => machine.rememberNext(),
    h: (machine) => machine.recall(machine.bytes.uint8()),
    j: (machine) => machine.recall(machine.bytes.uint32()),
    c: (machine) => machine.name(machine.bytes.line(LONGEST_NAME), machine.bytes.line(LONGEST_NAME)),
    '\x93': nameOnStack,
    R: (machine) => machine.apply('call'),
    '\x81': (machine) => machine.apply('create'),
    b: (machine) => machine.build(),
    Q: (machine) => machine.refer(),
  }).map(([character, opcode]) => [character.charCodeAt(0), opcode]),
);

/**
 * Reads one pickle up to its STOP. A loop over a closed set of opcodes: nothing is imported, called or created that is
 * not in `rules`, and nothing recurses.
 * @throws DnaError `TORCH_INVALID` where the pickle is not sound, `TORCH_UNSUPPORTED` where it holds more than data
 */
export function unpickle(bytes: PickleBytes, rules: PickleRules): PickleValue {
  if (bytes.left < 2 || bytes.bytes[bytes.at] !== 0x80) {
    throw torchInvalid(`${bytes.label} holds no pickle at byte ${bytes.at}`);
  }
  const machine = new PickleMachine(bytes, rules);
  for (let count = 0; count < MOST_OPCODES; count++) {
    machine.at = bytes.at;
    const code = bytes.uint8();
    if (code === STOP) return machine.result();
    const opcode = OPCODES.get(code);
    if (!opcode) refuseOpcode(code, machine);
    opcode(machine);
  }
  throw torchUnsupported(`${bytes.label} has more than ${MOST_OPCODES} opcodes`);
}

function refuseOpcode(code: number, { at, bytes }: PickleMachine): never {
  const name = REFUSED_OPCODES.get(code);
  const place = `at byte ${at} of ${bytes.label}`;
  if (name) throw torchUnsupported(`the opcode ${name} ${place} is none that torch.save writes`);
  throw torchInvalid(`0x${code.toString(16).padStart(2, '0')} ${place} is no opcode`);
}

function requireProtocol(protocol: number, at: number, label: string): void {
  if (protocol >= OLDEST_PROTOCOL && protocol <= NEWEST_PROTOCOL) return;
  throw torchUnsupported(
    `the pickle at byte ${at} of ${label} has the protocol ${protocol}; ${OLDEST_PROTOCOL} to ${NEWEST_PROTOCOL} are read`,
  );
}

function setItem(machine: PickleMachine): void {
  const value = machine.pop();
  const key = machine.pop();
  machine.setItems([key, value]);
}

function nameOnStack(machine: PickleMachine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') machine.fail('takes a name that is no text');
  machine.name(module, name);
}

/** Two's complement, little-endian; a number where it is exact. */
function decodeInteger(bytes: Uint8Array): number | bigint {
  // At once: byte for byte, a pickle of long numbers takes half a minute.
  const digits = Buffer.from(bytes.toReversed()).toString('hex');
  const value = BigInt.asIntN(bytes.length * 8, BigInt(`0x0${digits}`));
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
