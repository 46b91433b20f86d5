// What the entries of the built package export: names for the tests, pages for docs/reference/api.
// `node scripts/reference.mjs` writes the pages. Declarations are read by TypeScript's own programming interface.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { API, SymbolFlags } from 'typescript/unstable/sync';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** Entries by name, with their declarations; those that go by a pattern are plugins and presets, listed with options. */
const ENTRIES = Object.entries(exports)
  .filter(([name, { types }]) => types && !name.includes('*'))
  .map(([name, { types }]) => [`dna-nas${name.slice(1)}`, join(ROOT, types)]);

/**
 * @typedef {{ name: string, isType: boolean, doc: string, text: string, subject: string }} Exported
 * `text`: the declaration without bodies and private members; `subject`: the file that declares it.
 * @typedef {{ entry: string, doc: string, exported: readonly Exported[] }} Entry
 */

/** @returns {readonly Entry[]} every entry in the order of package.json, its exports by subject. */
export function publicEntries() {
  const folder = mkdtempSync(join(tmpdir(), 'dna-api-'));
  const api = new API({ cwd: ROOT });
  try {
    const config = join(folder, 'tsconfig.json');
    writeFileSync(config, JSON.stringify(projectOf(ENTRIES.map(([, file]) => file))));
    const [{ program, checker }] = api.updateSnapshot({ openProjects: [config] }).getProjects();
    return ENTRIES.map(([entry, file]) => {
      const source = program.getSourceFile(file);
      const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
      const exported = symbols.map((symbol) => describe(symbol, checker));
      return { entry, doc: headOf(file), exported: exported.sort(bySubject) };
    });
  } finally {
    api.close();
    rmSync(folder, { recursive: true });
  }
}

function projectOf(files) {
  const compilerOptions = {
    ...{ module: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'DOM'], skipLibCheck: true, noEmit: true },
    ...{ typeRoots: [join(ROOT, 'node_modules', '@types')], types: ['node'] },
  };
  return { files, compilerOptions };
}

const compare = (a, b) => (a < b ? -1 : Number(a > b));
const bySubject = (a, b) => compare(a.subject, b.subject) || compare(a.name, b.name);

/** The first comment of an entry: what it is for. */
function headOf(file) {
  const [, text = ''] =
    readFileSync(file.replace(DIST, ROOT).replace(/\.d\.ts$/, '.ts'), 'utf8').match(
      /^\/\*\*([\s\S]*?)\*\//,
    ) ?? [];
  return plainComment(text);
}

function describe(symbol, checker) {
  const target = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const nodes = target.declarations.map((declaration) => declaration.resolve());
  const isType = !(target.flags & SymbolFlags.Value);
  const file = nodes[0].getSourceFile().fileName;
  const subject = relative(DIST, file).replace(/(\/index)?\.d\.ts$/, '');
  const parts = nodes.map((node) =>
    target.flags & SymbolFlags.ValueModule ? namespace(symbol, checker, target) : declarationOf(node),
  );
  const text = [...new Set(parts.map((part) => part.text))].join('\n');
  const doc = parts.find((part) => part.doc)?.doc ?? '';
  return { name: symbol.name, isType, doc, text: renamed(text, target.name, symbol.name), subject };
}

/** A name that an entry gives something else than its declaration does. */
function renamed(text, from, to) {
  return from === to || /\W/.test(from) ? text : text.replace(new RegExp(`\\b${from}\\b`), to);
}

function namespace({ name }, checker, target) {
  const names = checker.getExportsOfModule(target).map((symbol) => symbol.name);
  const own = target.declarations[0].resolve().getSourceFile().fileName;
  const list = names.length > 40 ? `${names.length} names` : names.sort().join(', ');
  return { doc: headOf(own), text: `namespace ${name} // ${list}` };
}

function declarationOf(node) {
  // A variable's statement stands two nodes above it.
  const whole = isVariable(node) ? node.parent.parent : node;
  const { text } = whole.getSourceFile();
  const before = text.slice(whole.pos, whole.end);
  const [leading] = before.match(/^(?:\s|\/\*[\s\S]*?\*\/|\/\/.*\n)*/);
  const [comment = ''] = [...leading.matchAll(/\/\*\*([\s\S]*?)\*\//g)].map(([, inner]) => inner).slice(-1);
  return { doc: plainComment(comment), text: shown(before.slice(leading.length)) };
}

const isVariable = (node) => node.parent?.declarations !== undefined;

/** A declaration as it is read: without what tells the compiler that it is one, and without private members. */
function shown(text) {
  return text
    .replace(/^export (declare )?/, '')
    .replaceAll(/^ *(#private;|private .*;)\n/gm, '')
    .replaceAll(/^ {4,}/gm, ({ length }) => ' '.repeat(2 * Math.floor(length / 4) + (length % 4)));
}

function plainComment(text) {
  return text
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
