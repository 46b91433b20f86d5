/** Transparency, and what a decoder must know, whose names begin with a capital: header, palette, data, end. */
const PIXELS = /^(tRNS|[A-Z])/;
const SIGNATURE_BYTES = 8;
/** Length, type, checksum. */
const FRAME_BYTES = 12;

/**
 * A PNG without what says nothing of its pixels: compressed texts and profiles of a few bytes would fill the memory of
 * a decoder that unpacks them. The bytes themselves if there is nothing of that.
 */
export function withoutExtras(png: Buffer): Buffer {
  const kept: Buffer[] = [png.subarray(0, SIGNATURE_BYTES)];
  let keptBytes = SIGNATURE_BYTES;
  let at = SIGNATURE_BYTES;
  while (at + FRAME_BYTES <= png.length) {
    const end = Math.min(png.length, at + FRAME_BYTES + png.readUInt32BE(at));
    const type = png.toString('latin1', at + 4, at + 8);
    if (PIXELS.test(type)) {
      kept.push(png.subarray(at, end));
      keptBytes += end - at;
    }
    at = end;
    if (type === 'IEND') break;
  }
  return keptBytes === at ? png : Buffer.concat(kept);
}
