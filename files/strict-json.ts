/** A JSON value whose objects are maps in order, so that no key can reach a prototype. */
export type StrictJson = string | number | boolean | null | StrictJson[] | Map<string, StrictJson>;

const MAXIMUM_DEPTH = 8;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WHOLE_NUMBER = /^(?:0|-?[1-9]\d*)$/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const LONGEST_QUOTE = 80;
const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null/y;

export interface StrictJsonOptions {
  /** Refuse numbers that are not whole ones written plainly: `0.5`, but also `1.0`, `1e2` and `-0`. @default false */
  readonly wholeNumbers?: boolean;
}

/**
 * Reads JSON of untrusted files: RFC 8259, but duplicate keys, the key `__proto__`, integers that a double cannot hold
 * exactly, halves of surrogate pairs and nesting beyond eight levels are errors.
 * @throws SyntaxError saying what is wrong and at which character.
 */
export function parseStrictJson(text: string, options: StrictJsonOptions = {}): StrictJson {
  const reader = new Reader(text, options.wholeNumbers ?? false);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  #position = 0;

  constructor(
    readonly text: string,
    readonly wholeNumbers: boolean,
  ) {}

  value(depth: number): StrictJson {
    if (depth > MAXIMUM_DEPTH) this.#fail(`nesting deeper than ${MAXIMUM_DEPTH} levels`);
    this.#match(SPACE);
    const first = this.text[this.#position];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') return this.#string();
    const literal = this.#match(LITERAL);
    if (literal) return literal === 'null' ? null : literal === 'true';
    return this.#number();
  }

  end(): void {
    this.#match(SPACE);
    if (this.#position < this.text.length) this.#fail('text after the end of the value');
  }

  #object(depth: number): Map<string, StrictJson> {
    const entries = new Map<string, StrictJson>();
    this.#position++;
    if (this.#take('}')) return entries;
    do {
      this.#match(SPACE);
      const key = this.#string();
      if (key === '__proto__') this.#fail('the key "__proto__"');
      if (entries.has(key)) this.#fail(`the key ${shortened(JSON.stringify(key))} a second time`);
      if (!this.#take(':')) this.#fail('no ":" after a key');
      entries.set(key, this.value(depth + 1));
    } while (this.#take(','));
    if (!this.#take('}')) this.#fail('an object that is not closed');
    return entries;
  }

  #array(depth: number): StrictJson[] {
    const items: StrictJson[] = [];
    this.#position++;
    if (this.#take(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.#take(','));
    if (!this.#take(']')) this.#fail('an array that is not closed');
    return items;
  }

  #string(): string {
    const text = this.#unescaped(this.#stringToken());
    // UTF-8 cannot say it, so that other readers refuse it.
    if (LONE_SURROGATE.test(text)) this.#fail('half of a surrogate pair in a string');
    return text;
  }

  #unescaped(token: string): string {
    try {
      return JSON.parse(token) as string;
    } catch {
      this.#fail('a string with a raw control character or an unknown escape');
    }
  }

  /** Up to the closing quote. A regular expression would recurse once a character, and strings can be megabytes. */
  #stringToken(): string {
    const begin = this.#position;
    if (this.text[begin] !== '"') this.#fail('something that is not a string');
    let end = begin + 1;
    while (this.text[end] !== '"') {
      if (end >= this.text.length) this.#fail('a string that is not closed');
      end += this.text[end] === '\\' ? 2 : 1;
    }
    this.#position = end + 1;
    return this.text.slice(begin, end + 1);
  }

  #number(): number {
    const token = this.#match(NUMBER);
    if (!token) this.#fail('something that is not JSON');
    const value = Number(token);
    const shown = shortened(token);
    if (!Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) {
      this.#fail(`the number ${shown}, which is beyond 2^53`);
    }
    // Readers in other languages hold sizes as integers: to them 1.0 and -0 are none.
    if (this.wholeNumbers && !WHOLE_NUMBER.test(token)) {
      this.#fail(`the number ${shown} where only whole numbers, written as such, may stand`);
    }
    return value;
  }

  #take(character: string): boolean {
    this.#match(SPACE);
    if (this.text[this.#position] !== character) return false;
    this.#position++;
    return true;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#position;
    const token = pattern.exec(this.text)?.[0] ?? '';
    this.#position += token.length;
    return token;
  }

  #fail(found: string): never {
    throw new SyntaxError(`found ${found}, at character ${this.#position}`);
  }
}

/** What a hostile file has made long, for a message. */
function shortened(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}
