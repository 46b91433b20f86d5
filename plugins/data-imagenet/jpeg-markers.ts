/** A marker of a JPEG file, as libjpeg's reader comes upon it. */
export interface JpegMarker {
  readonly code: number;
  /** First byte after the marker's length, and first byte after its segment; the same where it stands alone. */
  readonly from: number;
  readonly to: number;
}

export const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
const RST0 = 0xd0;
/** Below it only TEM is defined. */
const FIRST_WITH_LENGTH = 0xc0;

/**
 * The markers of a JPEG file in libjpeg's order: bytes before the next 0xff are passed over, so are fill bytes and
 * stuffed zeros (entropy-coded data is such a stretch), markers without a length stand alone, lengths 0 and 1 hold
 * nothing. It ends with EOI or, where a segment goes on beyond the file, before it: libjpeg then reads an EOI.
 */
export function* jpegMarkers(bytes: Uint8Array): Generator<JpegMarker> {
  for (let at = 0; ; ) {
    const marker = nextMarker(bytes, at);
    if (marker === undefined) return;
    yield marker;
    if (marker.code === EOI) return;
    at = marker.to;
  }
}

function nextMarker(bytes: Uint8Array, start: number): JpegMarker | undefined {
  for (let at = bytes.indexOf(0xff, start); at >= 0; at = bytes.indexOf(0xff, at)) {
    while (bytes[at] === 0xff) at++;
    const code = bytes[at++];
    if (code === undefined) return undefined;
    if (code !== 0) return segmentOf(bytes, code, at);
  }
  return undefined;
}

function segmentOf(bytes: Uint8Array, code: number, at: number): JpegMarker | undefined {
  if (standsAlone(code)) return { code, from: at, to: at };
  if (at + 2 > bytes.length) return undefined;
  const to = at + Math.max(2, bytes[at]! * 256 + bytes[at + 1]!);
  return to <= bytes.length ? { code, from: at + 2, to } : undefined;
}

/** Restart markers, SOI, EOI and TEM have no length; undefined codes are passed over where a restart was due. */
function standsAlone(code: number): boolean {
  return code < FIRST_WITH_LENGTH || (code >= RST0 && code <= EOI);
}
