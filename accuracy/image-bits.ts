/**
 * A yes or no for each image of a split as text that JSON can hold: base64 of a set of bits, image i in byte ⌊i / 8⌋ at
 * bit i mod 8, counted from the lowest. Adds those of the next images to the `count` that `text` holds.
 */
export function appendBits(text: string, count: number, bits: readonly boolean[]): string {
  const bytes = new Uint8Array(byteCount(count + bits.length));
  bytes.set(Buffer.from(text, 'base64'));
  bits.forEach((bit, index) => {
    const image = count + index;
    if (bit) bytes[image >> 3]! |= 1 << (image & 7);
  });
  return Buffer.from(bytes).toString('base64');
}

/** The bits of `count` images as zeros and ones. @throws RangeError where the text holds another number of bytes. */
export function readBits(text: string, count: number): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length !== byteCount(count)) {
    throw new RangeError(`readBits: ${bytes.length} bytes do not hold the bits of ${count} images.`);
  }
  return Uint8Array.from({ length: count }, (_, image) => (bytes[image >> 3]! >> (image & 7)) & 1);
}

function byteCount(bits: number): number {
  return Math.ceil(bits / 8);
}
