export interface Element {
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly children: (Element | string)[];
}

/** A strict parser of what a page may consist of: throws on anything unclosed, unquoted or unescaped. */
export function parsePage(page: string): Element {
  // Style sheets may hold what markup may not.
  const html = page.replace(/<style>[^<]*<\/style>/, '');
  const root: Element = { name: '#root', attributes: new Map(), children: [] };
  const open = [root];
  const token = /<!doctype html>|<\/([a-z0-9]+)>|<([a-zA-Z0-9]+)((?: [a-zA-Z0-9:-]+="[^"<>]*")*)>|([^<>]+)/gy;
  while (token.lastIndex < html.length) {
    const at = token.lastIndex;
    const match = token.exec(html);
    if (!match) throw new Error(`not markup: ${html.slice(at, at + 60)}`);
    const [, closed, opened, attributes = '', content] = match;
    const parent = open.at(-1)!;
    if (content) parent.children.push(content);
    else if (closed) {
      if (open.pop()!.name !== closed) throw new Error(`</${closed}> closes <${parent.name}>`);
    } else if (opened) {
      const pairs = [...attributes.matchAll(/ ([a-zA-Z0-9:-]+)="([^"]*)"/g)].map(
        (m) => [m[1]!, m[2]!] as const,
      );
      const element: Element = { name: opened, attributes: new Map(pairs), children: [] };
      parent.children.push(element);
      if (opened !== 'meta') open.push(element);
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  return root;
}

/** An element and all below it, in order. */
export const walk = (element: Element): Element[] => [
  element,
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : walk(child))),
];

export const textOf = (element: Element): string =>
  element.children.map((child) => (typeof child === 'string' ? child : textOf(child))).join('');
