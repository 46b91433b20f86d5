import { type Markup, tag } from './markup.js';

export interface PictureOptions {
  /** Unique in the page. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** What it is, and what it shows, for those who cannot see it. */
  readonly title: string;
  readonly description: string;
}

/** A picture that scales down to its column; text in it stays readable because it scrolls before it shrinks. */
export function picture(options: PictureOptions, ...children: Parameters<typeof tag>[2][]): Markup {
  const { id, width, height, title, description } = options;
  const attributes = {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-description`,
    style: `max-width:${width}px;min-width:${Math.min(width, 760)}px`,
  };
  const drawing = tag(
    'svg',
    attributes,
    tag('title', { id: `${id}-title` }, title),
    tag('desc', { id: `${id}-description` }, description),
    ...children,
  );
  return tag('div', { class: 'picture' }, drawing);
}

/** A text of a picture. `anchor`: start, middle or end. */
export function label(
  at: { x: number; y: number },
  content: string,
  { anchor = 'start', kind = 'label' }: { anchor?: string; kind?: string } = {},
): Markup {
  return tag('text', { ...at, class: kind, 'text-anchor': anchor }, content);
}

/** A straight line. */
export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Markup {
  return tag('line', { x1, y1, x2, y2, class: kind });
}
