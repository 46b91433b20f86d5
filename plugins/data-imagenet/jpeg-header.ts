import { DamagedImage } from './errors.js';
import { type JpegMarker, jpegMarkers, SOI, SOS } from './jpeg-markers.js';
import { MOST_SCANS } from './limits.js';
import type { Size } from './view.js';

export interface JpegHeader extends Size {
  /** 1: grey, 3: colour, 4: CMYK. */
  readonly components: number;
  /** Bits of a sample. */
  readonly precision: number;
  /** Bytes of coefficients that a decoder keeps until the last scan; 0 where one scan holds the whole image. */
  readonly coefficientBytes: number;
}

/** Frames that libjpeg decodes: baseline, extended, progressive, and the latter two with arithmetic coding. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2, 0xc9, 0xca]);
const PROGRESSIVE = new Set([0xc2, 0xca]);
/** Codes between SOF0 and SOF15 that are no frames. */
const DHT = 0xc4;
const DAC = 0xcc;
const DNL = 0xdc;
const COMPONENTS = new Set([1, 3, 4]);

/**
 * Reads what stands before the first scan, as libjpeg does.
 * @throws DamagedImage if libjpeg would refuse it, or if it has more than 100 scans
 */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  const markers = jpegMarkers(bytes);
  if (markers.next().value?.code !== SOI) throw new DamagedImage('it does not begin as a JPEG');
  let frame: Frame | undefined;
  for (const marker of markers) {
    if (FRAMES.has(marker.code)) {
      if (frame) throw new DamagedImage('it has two frame headers');
      frame = readFrame(bytes, marker);
    } else if (marker.code === SOS) {
      return readScans(bytes, { frame, marker, markers });
    } else if (!isPassedOver(marker.code)) {
      throw new DamagedImage(`its header has the marker ff${marker.code.toString(16).padStart(2, '0')}`);
    }
  }
  throw new DamagedImage('it ends before its first scan');
}

interface Sampling {
  readonly across: number;
  readonly down: number;
}

interface Frame extends Size {
  readonly progressive: boolean;
  readonly precision: number;
  readonly samplings: readonly Sampling[];
}

/** Tables, application data, comments; and what stands alone. */
function isPassedOver(code: number): boolean {
  const standsAlone = code === 0x01 || (code >= 0xd0 && code <= 0xd7);
  const tables = code === DHT || code === DAC || (code >= 0xdb && code <= 0xdd);
  return standsAlone || tables || code === DNL || (code >= 0xe0 && code <= 0xef) || code === 0xfe;
}

function readFrame(bytes: Uint8Array, { code, from, to }: JpegMarker): Frame {
  const byte = (at: number) => bytes[from + at] ?? 0;
  const components = byte(5);
  if (to - from !== 6 + 3 * components) throw new DamagedImage('its frame header has a wrong length');
  const height = byte(1) * 256 + byte(2);
  const width = byte(3) * 256 + byte(4);
  if (width === 0 || height === 0) throw new DamagedImage(`it says that it is ${width}×${height}`);
  if (!COMPONENTS.has(components)) throw new DamagedImage(`it has ${components} components`);
  const samplings = Array.from({ length: components }, (_, component) => {
    const factors = byte(7 + 3 * component);
    return { across: factors >> 4, down: factors & 15 };
  });
  if (samplings.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4))
    throw new DamagedImage('its sampling factors are not between 1 and 4');
  return { width, height, progressive: PROGRESSIVE.has(code), precision: byte(0), samplings };
}

interface FirstScan {
  readonly frame: Frame | undefined;
  readonly marker: JpegMarker;
  /** Those that follow it. */
  readonly markers: Iterable<JpegMarker>;
}

function readScans(bytes: Uint8Array, { frame, marker, markers }: FirstScan): JpegHeader {
  if (!frame) throw new DamagedImage('its first scan stands before its frame header');
  const inScan = bytes[marker.from] ?? 0;
  if (inScan < 1 || inScan > 4 || marker.to - marker.from !== 4 + 2 * inScan)
    throw new DamagedImage('its first scan has a wrong header');
  const { width, height, precision, samplings } = frame;
  const inParts = frame.progressive || inScan < samplings.length;
  if (inParts) requireFewScans(markers);
  const coefficientBytes = inParts ? coefficientsOf(frame) : 0;
  return { width, height, precision, components: samplings.length, coefficientBytes };
}

/** Each scan, however empty, is a pass over the whole image. */
function requireFewScans(markers: Iterable<JpegMarker>): void {
  let scans = 1;
  for (const { code } of markers) if (code === SOS) scans++;
  if (scans > MOST_SCANS) throw new DamagedImage(`it has ${scans} scans, above the limit of ${MOST_SCANS}`);
}

/** Two bytes for each sample, in whole blocks of 8×8 and whole units of the sampling. */
function coefficientsOf({ width, height, samplings }: Frame): number {
  const most = (factor: keyof Sampling) => Math.max(...samplings.map((sampling) => sampling[factor]));
  const blocks = (length: number, factor: number, greatest: number) =>
    Math.ceil(Math.ceil((length * factor) / (greatest * 8)) / factor) * factor;
  return samplings.reduce(
    (sum, { across, down }) =>
      sum + 128 * blocks(width, across, most('across')) * blocks(height, down, most('down')),
    0,
  );
}
