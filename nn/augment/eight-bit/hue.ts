import type { ByteImage } from './byte-image.js';

/** Hue, saturation and value of a pixel, a byte each, between the two directions. */
const hsv = new Uint8Array(3);

/**
 * Turns the hue by a share of the circle, −0.5 to 0.5. Hue and saturation are bytes on the way, as Pillow's are, so
 * that colours move a little even at 0. Images that are not of three channels have no hue.
 */
export function turnHue({ pixels, channels }: ByteImage, turn: number): void {
  if (channels !== 3) return;
  const shift = Math.trunc(turn * 255) & 255;
  for (let at = 0; at < pixels.length; at += 3) {
    toHsv(pixels[at]!, pixels[at + 1]!, pixels[at + 2]!);
    writeRgb(pixels, at, (hsv[0]! + shift) & 255);
  }
}

function toHsv(red: number, green: number, blue: number): void {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  hsv[2] = most;
  if (most === least) {
    hsv[0] = 0;
    hsv[1] = 0;
    return;
  }
  const range = most - least;
  const r = Math.fround((most - red) / range);
  const g = Math.fround((most - green) / range);
  const b = Math.fround((most - blue) / range);
  const sector = red === most ? b - g : green === most ? 2 + r - b : 4 + g - r;
  const hue = Math.fround((Math.fround(sector) / 6 + 1) % 1);
  hsv[0] = hue * 255;
  hsv[1] = Math.fround(range / most) * 255;
}

function writeRgb(pixels: Uint8Array, at: number, hue: number): void {
  const saturation = hsv[1]!;
  const value = hsv[2]!;
  if (saturation === 0) {
    put(pixels, at, value, value, value);
    return;
  }
  const sector = Math.floor((hue * 6) / 255);
  const rest = Math.fround((hue * 6) / 255 - sector);
  const share = Math.fround(saturation / 255);
  const p = Math.round(value * (1 - share));
  const q = Math.round(value * (1 - share * rest));
  const t = Math.round(value * (1 - share * (1 - rest)));
  const sixth = sector % 6;
  if (sixth === 0) put(pixels, at, value, t, p);
  else if (sixth === 1) put(pixels, at, q, value, p);
  else if (sixth === 2) put(pixels, at, p, value, t);
  else if (sixth === 3) put(pixels, at, p, q, value);
  else if (sixth === 4) put(pixels, at, t, p, value);
  else put(pixels, at, value, p, q);
}

function put(pixels: Uint8Array, at: number, red: number, green: number, blue: number): void {
  pixels[at] = red;
  pixels[at + 1] = green;
  pixels[at + 2] = blue;
}
