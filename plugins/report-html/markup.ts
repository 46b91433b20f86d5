/** HTML or SVG that is safe to put into a page. A class: objects of a run's JSON files must not pass for it. */
class SafeMarkup {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

/** Made by `tag` and `styleSheet` alone. */
export type Markup = SafeMarkup;

type Attribute = string | number | undefined;
type Child = Markup | string | number | false | undefined | readonly Child[];

const VOID = new Set(['meta', 'br', 'hr']);
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character]!);
}

/** An element. Texts among children and attributes are escaped; absent ones are left out. Numbers keep two decimals. */
export function tag(
  name: string,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: Child[]
): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) => ` ${key}="${escapeText(String(typeof value === 'number' ? round(value) : value))}"`,
    )
    .join('');
  if (VOID.has(name)) return new SafeMarkup(`<${name}${written}>`);
  return new SafeMarkup(`<${name}${written}>${join(children)}</${name}>`);
}

/** Style sheets: their text is ours and must not be escaped. */
export function styleSheet(css: string): Markup {
  return new SafeMarkup(`<style>${css}</style>`);
}

function join(children: readonly Child[]): string {
  return children
    .map((child) => {
      if (child === false || child === undefined) return '';
      if (typeof child === 'string') return escapeText(child);
      if (child instanceof SafeMarkup) return child.markup;
      // By types only lists of children are left; of what JSON files hold nobody has checked the types.
      return Array.isArray(child) ? join(child) : escapeText(String(child));
    })
    .join('');
}

/** Hundredths of a pixel: finer is not seen, and every digit is in the file. */
export const round = (value: number) => Math.round(value * 100) / 100;
