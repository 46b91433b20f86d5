/** Bits of a digit, and the values that it has. */
const BITS = 11;
const DIGITS = 1 << BITS;
const SIGN = 0x8000_0000;

/** Where numbers lie in an array: `values[from]`, `values[from + step]`, … */
export interface Strided {
  readonly values: Float64Array;
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/**
 * The places of numbers by rising number, equal ones in the order in which they lie: a radix sort, several times faster
 * than one that compares. None may be NaN.
 */
export function orderOf(numbers: Strided): Uint32Array {
  const places = Uint32Array.from({ length: numbers.count }, (_, place) => place);
  if (numbers.count < FEW) {
    const { values, from, step } = numbers;
    return places.sort((one, other) => values[from + one * step]! - values[from + other * step]!);
  }
  const { low, high } = wordsOf(numbers);
  let order = places;
  for (const word of [low, high]) for (const shift of SHIFTS) order = byDigit(order, word, shift);
  return order;
}

/** Below it counting digits takes longer than comparing. */
const FEW = 256;

/** The numbers' bits, changed so that they rise with the numbers as whole numbers without sign do. */
function wordsOf({ values, from, step, count }: Strided): { low: Uint32Array; high: Uint32Array } {
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  const number = new Float64Array(1);
  const [lowWord, highWord] = LITTLE_ENDIAN ? [0, 1] : [1, 0];
  const words = new Uint32Array(number.buffer);
  for (let place = 0, at = from; place < count; place++, at += step) {
    // Adding zero makes −0 and 0 one number, as they are when compared.
    number[0] = values[at]! + 0;
    const upper = words[highWord]!;
    const flip = upper >= SIGN ? 0xffff_ffff : 0;
    high[place] = (upper ^ (flip | SIGN)) >>> 0;
    low[place] = (words[lowWord]! ^ flip) >>> 0;
  }
  return { low, high };
}

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;
const SHIFTS = [0, BITS, 2 * BITS];

/** The same places, by the digit of their words that begins at bit `shift`. */
function byDigit(order: Uint32Array, words: Uint32Array, shift: number): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(DIGITS + 1);
  for (let place = 0; place < order.length; place++)
    starts[((words[place]! >>> shift) & (DIGITS - 1)) + 1]!++;
  if (starts.includes(order.length)) return order as Uint32Array<ArrayBuffer>;
  for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
  const sorted = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index++) {
    const place = order[index]!;
    sorted[starts[(words[place]! >>> shift) & (DIGITS - 1)]!++] = place;
  }
  return sorted;
}

/** Rank of each number, from 1, equal numbers sharing one; and the highest. */
export function ranksOf(numbers: Strided): { readonly ranks: Uint32Array; readonly highest: number } {
  const { values, from, step, count } = numbers;
  const ranks = new Uint32Array(count);
  let highest = 0;
  let before = Number.NaN;
  for (const place of orderOf(numbers)) {
    const number = values[from + place * step]!;
    if (number !== before) highest++;
    ranks[place] = highest;
    before = number;
  }
  return { ranks, highest };
}
