import { expect, test } from 'vitest';
import { files, read } from './sources.js';

/** What a file of dist/ holds of each of our modules, each below its name. */
function modulesIn(file: string): [module: string, text: string][] {
  const parts = read(file).split(/^\/\/ ([@\w./-]+\.[jt]s)$/m);
  return parts.flatMap((part, index): [string, string][] =>
    index % 2 === 1 && part.endsWith('.ts') ? [[part, parts[index + 1]!]] : [],
  );
}

const bundled = files('dist', /\.js$/).flatMap((file) =>
  modulesIn(file).map(([module, text]) => ({ file, module, text })),
);

test('each module lies in one file, so that there is one copy of what it keeps', () => {
  expect(bundled.length).toBeGreaterThan(1000);
  const places = new Map<string, Set<string>>();
  for (const { file, module } of bundled) places.set(module, (places.get(module) ?? new Set()).add(file));
  expect([...places].filter(([, found]) => found.size > 1)).toEqual([]);
});

test('classes keep their names, which messages tell', () => {
  // A class without a name has that of what it is assigned to.
  const declared = /(?<![\w$.])class (?!extends\b)(\w+)|\b(\w+) = class (?=extends\b|\{)/g;
  const named = (text: string) =>
    Array.from(text.matchAll(declared), ([, own, assigned]) => own ?? assigned!);
  const classes = bundled.flatMap(({ module, text }) => named(text).map((name) => ({ module, name })));
  expect(classes.map(({ name }) => name)).toContain('Conv2d');
  const own = (module: string) => new Set(named(read(module)));
  expect(classes.filter(({ module, name }) => !own(module).has(name))).toEqual([]);
});
