import { type Markup, styleSheet, tag } from './markup.js';
import { STYLE } from './style.js';

/** Forbids the browser to load anything, should a text of a run ever slip through unescaped. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
/** Pictures of images and feature maps lie in the page itself. */
const IMAGES = '; img-src data:';

export interface PageOptions {
  readonly title: string;
  /** Whether there are pictures that are no drawings. @default false */
  readonly images?: boolean;
}

/** A page of sections in one file that needs nothing else. */
export function wholePage({ title, images }: PageOptions, ...sections: (Markup | undefined)[]): string {
  const head = tag(
    'head',
    {},
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: images ? POLICY + IMAGES : POLICY }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('title', {}, title),
    styleSheet(STYLE),
  );
  const footer = tag('footer', {}, 'Blockwise supervised architecture search with dna-nas.');
  const main = tag('main', {}, sections, footer);
  return `<!doctype html>\n${tag('html', { lang: 'en' }, head, tag('body', {}, main)).markup}\n`;
}
