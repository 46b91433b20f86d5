import { type Markup, tag } from '../markup.js';
import { label, picture } from '../picture.js';
import { AROUND_PALETTE, RISING_PALETTE } from './palettes.js';
import { pngAddress } from './png-address.js';

const WIDTH = 920;
const HEIGHT = 80;
const BAR = { width: 200, height: 12, top: 42 };
const RAMP = Uint8Array.from({ length: 256 }, (_, value) => value);

/** What the colours of the maps mean. */
export function scalePicture(): Markup {
  return picture(
    {
      id: 'features-scale',
      width: WIDTH,
      height: HEIGHT,
      title: 'Colours of the feature maps',
      description:
        'Teacher and student share a scale from the least to the greatest value of both; differences run from minus half of that scale to plus half of it.',
    },
    bar(0, RISING_PALETTE, ['teacher, student', 'least', 'greatest of both']),
    bar(330, AROUND_PALETTE, ['student − teacher', '−½ of that scale', '+½']),
  );
}

function bar(x: number, palette: Uint8Array, [name, low, high]: readonly [string, string, string]): Markup {
  const href = pngAddress({ height: 1, width: 256, pixels: RAMP, type: 'palette', palette });
  return tag(
    'g',
    {},
    label({ x, y: BAR.top - 8 }, name, { kind: 'value' }),
    tag('image', {
      ...{ x, y: BAR.top, width: BAR.width, height: BAR.height, href, preserveAspectRatio: 'none' },
    }),
    label({ x, y: BAR.top + 28 }, low, { kind: 'tick' }),
    label({ x: x + BAR.width, y: BAR.top + 28 }, high, { anchor: 'end', kind: 'tick' }),
  );
}
