import { type Markup, tag } from '../markup.js';
import type { StoredImage } from './maps-file.js';
import { pngAddress } from './png-address.js';

/** A box to draw into; what is not square is centred. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly size: number;
}

/** One map in the colours of a palette; undefined where its bytes do not make up its shape. */
export function mapImage(
  data: string,
  { height, width }: { readonly height: number; readonly width: number },
  { box, palette }: { box: Box; palette: Uint8Array },
): Markup | undefined {
  const pixels = Buffer.from(String(data), 'base64');
  if (pixels.length === 0 || pixels.length !== height * width) return undefined;
  return place(pngAddress({ height, width, pixels, type: 'palette', palette }), { height, width }, box);
}

/** An image as it is, grey or in colour; of others the first channel. */
export function photo({ height, width, channels, data }: StoredImage, box: Box): Markup | undefined {
  const bytes = Buffer.from(String(data), 'base64');
  if (bytes.length === 0 || bytes.length !== height * width * channels) return undefined;
  const rgb = channels === 3;
  const pixels = rgb ? bytes : bytes.filter((_, at) => at % channels === 0);
  return place(pngAddress({ height, width, pixels, type: rgb ? 'rgb' : 'grey' }), { height, width }, box);
}

function place(href: string, { height, width }: { height: number; width: number }, box: Box): Markup {
  const scale = box.size / Math.max(height, width);
  const [w, h] = [width * scale, height * scale];
  const at = { x: box.x + (box.size - w) / 2, y: box.y + (box.size - h) / 2, width: w, height: h };
  return tag(
    'g',
    {},
    tag('image', { ...at, href, preserveAspectRatio: 'none', class: 'map' }),
    tag('rect', { ...at, class: 'frame' }),
  );
}
