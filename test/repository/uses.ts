import { files, read, SHIPPED } from './sources.js';

/** Where names of the package's entries are imported by name: code, tests, and code in pages. */
const PLACES = [...SHIPPED, 'test', 'examples', 'templates', 'scripts', 'bench', 'docs'];
const LOOSE = ['index.ts', 'dna.config.ts', 'README.md', 'CONTRIBUTING.md'];

const NAMED = /(?:import|export)\s+(?:type\s+)?\{(?<names>[^}]*)\}\s*from\s*['"](?<entry>dna-nas[^'"]*)['"]/g;
const AWAITED = /\{(?<names>[^{}]*)\}\s*=\s*await import\(\s*['"](?<entry>dna-nas[^'"]*)['"]\s*\)/g;
const WHOLE = /import\s+\*\s+as\s+(?<space>\w+)\s+from\s*['"](?<entry>dna-nas[^'"]*)['"]/g;

/** Names that are imported from each entry, by files outside the folder that the entry is of. */
export function usedNames(): ReadonlyMap<string, ReadonlySet<string>> {
  const used = new Map<string, Set<string>>();
  const paths = [...PLACES.flatMap((folder) => files(folder, /\.(ts|mjs|md)$/)), ...LOOSE];
  for (const path of paths) {
    for (const [entry, name] of namesIn(read(path))) {
      if (path.startsWith(`${entry.split('/')[1]}/`)) continue;
      used.set(entry, (used.get(entry) ?? new Set()).add(name));
    }
  }
  return used;
}

/** Pairs of entry and name. */
function namesIn(text: string): [string, string][] {
  const named = [...text.matchAll(NAMED), ...text.matchAll(AWAITED)].flatMap(({ groups }) =>
    listed(groups!.entry!, groups!.names!),
  );
  const whole = [...text.matchAll(WHOLE)].flatMap(({ groups }) => {
    const { space, entry } = groups!;
    const members = [...text.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, 'g'))].map(([, name]) => name!);
    const taken = [...text.matchAll(new RegExp(`\\{([^{}]*)\\} = ${space};`, 'g'))].map(
      ([, names]) => names!,
    );
    return [...members, ...taken].flatMap((names) => listed(entry!, names));
  });
  return [...named, ...whole];
}

const listed = (entry: string, names: string) =>
  names.split(',').map((word): [string, string] => [entry, bareName(word)]);

/** `type Tensor as T` → `Tensor`. */
function bareName(word: string): string {
  const [name] = word
    .trim()
    .replace(/^type\s+/, '')
    .split(/\s+as\s+|\s*:/);
  return name!;
}
