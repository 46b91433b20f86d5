import type { Markup } from './markup.js';
import { tickLabel } from './numbers.js';
import { label, line } from './picture.js';
import type { Scale } from './scale.js';

export interface Axes {
  readonly x: Scale;
  readonly y: Scale;
}

/** Where a picture's axes lie and what they say, in pixels. */
export interface AxesLook {
  readonly plot: { readonly left: number; readonly right: number; readonly bottom: number };
  /** Between the axes and their ticks' texts. */
  readonly gap: { readonly x: number; readonly y: number };
  readonly xText?: (tick: number) => string;
  readonly yText?: (tick: number) => string;
  /** Where the last text of the axis below may stand. @default at its tick */
  readonly farthest?: number;
}

/** Rules with their values, and the axis below with its own. */
export function gridOf({ x, y }: Axes, look: AxesLook): Markup[] {
  const { plot, gap, xText = tickLabel, yText = tickLabel, farthest = Number.POSITIVE_INFINITY } = look;
  return [
    ...y.ticks.flatMap((tick) => [
      line(plot.left, y(tick), plot.right, y(tick), 'rule'),
      label({ x: plot.left - gap.y, y: y(tick) + 4 }, yText(tick), { anchor: 'end', kind: 'tick' }),
    ]),
    line(plot.left, plot.bottom, plot.right, plot.bottom, 'axis'),
    ...x.ticks.map((tick) =>
      label({ x: Math.min(x(tick), farthest), y: plot.bottom + gap.x }, xText(tick), {
        anchor: 'middle',
        kind: 'tick',
      }),
    ),
  ];
}
