import { quoteShort } from 'dna-nas/archives';
import { torchInvalid, torchUnsupported } from './errors.js';
import type { PickleBytes } from './pickle-bytes.js';
import { type PickleKey, PickleName, type PickleValue } from './pickle-values.js';

/** Some hundreds of bytes of memory each, where a file has one. */
const MOST_CONTAINERS = 500_000;

/** Elements of the arguments of all calls: what is stored once can be given to many calls, and each may copy it. */
const MOST_COPIED = 2_000_000;

/** What a pickle of a kind may name and refer to. */
export interface PickleRules {
  /** Whether a name, `module name`, is of the closed set. */
  readonly knows: (name: string) => boolean;
  /** What calling a known name with arguments comes to. */
  readonly call: (name: string, args: readonly PickleValue[]) => PickleValue;
  /** What creating an object of a known name comes to. */
  readonly create: (name: string, args: readonly PickleValue[]) => PickleValue;
  /** An object with its state. */
  readonly build: (target: PickleValue, state: PickleValue) => void;
  /** What lies outside of the pickle under an identifier. */
  readonly refer: (identifier: PickleValue) => PickleValue;
}

/** The stack, marks and memo of one pickle. Every fault is told with the place of the opcode. */
export class PickleMachine {
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  readonly #names = new Map<string, PickleName>();
  #containers = 0;
  #copied = 0;
  /** Of the opcode at work. */
  at = 0;

  constructor(
    readonly bytes: PickleBytes,
    readonly rules: PickleRules,
  ) {}

  push(value: PickleValue): void {
    this.#stack.push(value);
  }

  /** Pushes a list, tuple, map or object, of which there may be fewer. */
  pushContainer(value: PickleValue): void {
    if (++this.#containers > MOST_CONTAINERS) {
      throw torchUnsupported(`${this.bytes.label} has more than ${MOST_CONTAINERS} lists and dictionaries`);
    }
    this.push(value);
  }

  pop(): PickleValue {
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) this.fail('takes a value where none is');
    return this.#stack.pop()!;
  }

  /** The uppermost value, which stays. */
  top(): PickleValue {
    const value = this.pop();
    this.#stack.push(value);
    return value;
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }

  /** All values above the last mark, which goes. */
  popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) this.fail('asks for a mark where none is');
    return this.#stack.splice(mark);
  }

  /** So many values as a tuple. */
  tuple(count: number): void {
    const items = Array.from({ length: count }, () => this.pop());
    this.pushContainer(Object.freeze(items.reverse()));
  }

  remember(slot: number): void {
    if (this.#memo.has(slot)) this.fail(`stores under ${slot} a second time`);
    this.#memo.set(slot, this.top());
  }

  /** Under the next free number. */
  rememberNext(): void {
    this.remember(this.#memo.size);
  }

  recall(slot: number): void {
    const value = this.#memo.get(slot);
    if (value === undefined) this.fail(`asks for ${slot}, which is not stored`);
    this.push(value);
  }

  /** A name of the closed set, matched as a text; nothing is looked up anywhere. */
  name(module: string, name: string): void {
    const text = `${module} ${name}`;
    if (!this.rules.knows(text)) {
      throw torchUnsupported(
        `it asks for ${quoteShort(`${module}.${name}`)} (byte ${this.at} of ${this.bytes.label}), which is no data of a known kind`,
      );
    }
    const known = this.#names.get(text) ?? new PickleName(text);
    this.#names.set(text, known);
    this.push(known);
  }

  apply(action: 'call' | 'create'): void {
    const args = this.pop();
    const target = this.pop();
    if (!(target instanceof PickleName) || !isTuple(args)) {
      this.fail('applies what is no name to arguments, or a name to what is no tuple');
    }
    for (const argument of args) this.#spend(argument);
    this.pushContainer(this.guarded(() => this.rules[action](target.text, args)));
  }

  build(): void {
    const state = this.pop();
    const target = this.top();
    this.guarded(() => this.rules.build(target, state));
  }

  refer(): void {
    const identifier = this.pop();
    this.pushContainer(this.guarded(() => this.rules.refer(identifier)));
  }

  append(items: readonly PickleValue[]): void {
    const list = this.top();
    if (!Array.isArray(list) || Object.isFrozen(list)) this.fail('appends to what is no list');
    for (const item of items) list.push(item);
  }

  setItems(items: readonly PickleValue[]): void {
    const map = this.top();
    if (!(map instanceof Map)) this.fail('puts entries into what is no dictionary');
    if (items.length % 2 !== 0) this.fail('puts a key without a value into a dictionary');
    for (let index = 0; index < items.length; index += 2) {
      const key = this.key(items[index]!);
      if (map.has(key)) this.fail(`puts the key ${quoteShort(String(key))} into a dictionary a second time`);
      map.set(key, items[index + 1]!);
    }
  }

  addItems(items: readonly PickleValue[]): void {
    const set = this.top();
    if (!(set instanceof Set)) this.fail('puts items into what is no set');
    for (const item of items) set.add(this.key(item));
  }

  key(value: PickleValue): PickleKey {
    if (typeof value === 'object' && value !== null) {
      throw torchUnsupported(
        `a dictionary has a key that is no text or number (byte ${this.at} of ${this.bytes.label})`,
      );
    }
    return value;
  }

  /** The one value that is left at the end. */
  result(): PickleValue {
    const value = this.pop();
    if (this.#stack.length > 0 || this.#marks.length > 0) this.fail('ends it with values left over');
    return value;
  }

  fail(problem: string): never {
    throw torchInvalid(`the opcode at byte ${this.at} of ${this.bytes.label} ${problem}`);
  }

  #spend(argument: PickleValue): void {
    if (typeof argument === 'string' || Array.isArray(argument)) this.#copied += argument.length;
    else if (argument instanceof Map || argument instanceof Set) this.#copied += argument.size;
    if (this.#copied <= MOST_COPIED) return;
    throw torchUnsupported(`${this.bytes.label} gives more than ${MOST_COPIED} values to calls`);
  }

  /** Tells what a rule finds wrong, a RuleProblem, with the place. */
  guarded<Value>(action: () => Value): Value {
    try {
      return action();
    } catch (error) {
      if (error instanceof RuleProblem) this.fail(error.message);
      throw error;
    }
  }
}

/** Thrown by rules; the machine adds the place. The message goes on after "the opcode at byte N". */
export class RuleProblem extends Error {}

/** Lists are arrays too; tuples are frozen. */
export function isTuple(value: PickleValue): value is readonly PickleValue[] {
  return Array.isArray(value) && Object.isFrozen(value);
}
