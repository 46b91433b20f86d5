// Writes docs/reference from the commands, schemas, hooks and declarations of the built package, plugins/README.md, and what
// configuration/ knows of the plugins: node scripts/reference.mjs
// With --check it writes nothing and fails where a page is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describePlugin } from 'dna-nas/configuration';
import { builtInDefinition, builtInPlugins, builtInPresets, REPORTS, SLOTS } from 'dna-nas/core/plugin';
import { commandTable } from '../dist/cli/command-table.js';
import { JSON_SCHEMAS } from '../dist/cli/json-schemas.js';
import { CORE_OPTIONS } from '../dist/configuration/resolve/core-options.js';
import { expectation } from '../dist/errors/index.js';
import { apiPages } from './api-pages.mjs';
import { configurationFiles } from './configuration.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'docs', 'reference');
const NOTE = '<!-- Made by scripts/reference.mjs: change what it is made of. -->';

/** What is made of commands, schemas and hooks, by its path in the repository. */
export async function madeFiles() {
  return {
    ...inReference(await referencePages()),
    ...configurationFiles(),
    'plugins/README.md': `${await pluginsPage()}\n`,
  };
}

/** What is made of the declarations of all entries, by its path in the repository. It takes seconds. */
export function madeApiFiles() {
  const pages = Object.entries(apiPages());
  return inReference(Object.fromEntries(pages.map(([name, text]) => [`api/${name}`, marked(text)])));
}

const inReference = (pages) =>
  Object.fromEntries(Object.entries(pages).map(([name, text]) => [`docs/reference/${name}`, `${text}\n`]));

async function referencePages() {
  return {
    'commands.md': await commandsPage(),
    'hooks.md': hooksPage(),
    'json.md': jsonPage(),
    'options.md': await optionsPage(),
  };
}

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;');
/** The note stands behind the title. */
const marked = (page) => page.replace('\n\n', `\n\n${NOTE}\n\n`);
const code = (text) => `\`${String(text).replaceAll('|', '\\|')}\``;
const anchor = (title) =>
  title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

async function commandsPage() {
  const rows = (await commandTable()).filter(({ group, name }) => !group && name !== '');
  const list = rows.map(({ name, description }) => [
    `[\`dna ${name}\`](#${anchor(`dna ${name}`)})`,
    cell(description),
  ]);
  const [top] = await commandTable();
  const everywhere = optionRows(top.options);
  return [
    '# Commands',
    NOTE,
    'In a project that has the package, write `npx dna`. Every command has `--help`.',
    table(['command', 'what it does'], list),
    'Without a command, or with any:',
    everywhere,
    ...rows.flatMap(commandSection),
  ].join('\n\n');
}

function commandSection({ name, description, arguments: given, options }) {
  const usage = ['dna', name, ...given.map((one) => one.usage), options.length > 0 ? '[options]' : ''];
  const json = JSON_SCHEMAS[name]
    ? [`What \`--json\` prints: [its schema](json.md#${anchor(`dna ${name}`)}).`]
    : [];
  return [
    `## dna ${name}`,
    `${description.charAt(0).toUpperCase()}${description.slice(1).replace(/\.$/, '')}.`,
    `\`\`\`text\n${usage.filter(Boolean).join(' ')}\n\`\`\``,
    ...(given.length > 0
      ? [
          table(
            ['argument', ''],
            given.map((one) => [code(one.usage), cell(one.description)]),
          ),
        ]
      : []),
    ...(options.length > 0 ? [optionRows(options)] : []),
    ...json,
  ];
}

function optionRows(options) {
  return table(
    ['option', ''],
    options.map(({ flags, description }) => [code(flags), cell(description)]),
  );
}

async function optionsPage() {
  const core = Object.entries(CORE_OPTIONS.properties).map(([name, schema]) =>
    optionRow('', name, schema, CORE_OPTIONS),
  );
  const slots = await Promise.all([...Object.entries(SLOTS), ['reports', REPORTS]].map(slotSection));
  const presets = await Promise.all(
    builtInPresets().map(async (name) => [
      code(name),
      cell((await import(`dna-nas/presets/${name}`)).description ?? ''),
    ]),
  );
  return [
    '# Options',
    NOTE,
    'What stands in a configuration, by its dotted path, as `--set` takes it. An option of kind `result` makes the run what it is; `machine` and `display` may change when a run goes on. `dna config` shows the values of a configuration and where each came from.',
    '## Presets',
    table(['preset', 'what it is for'], presets),
    '## The run itself',
    table(HEAD, core),
    ...slots.flat(),
  ].join('\n\n');
}

/** What a folder of many is to a stranger: which plugin stands for what. */
async function pluginsPage() {
  const slots = Object.entries({ ...SLOTS, [REPORTS.path]: REPORTS });
  const prefixes = [...new Set(slots.map(([, { prefix }]) => prefix))];
  const sections = await Promise.all(
    prefixes.map(async (prefix) => {
      const paths = slots.filter(([, slot]) => slot.prefix === prefix).map(([path]) => code(path));
      const names = builtInPlugins().filter((name) => name.startsWith(prefix));
      const rows = names.map(async (name) => [
        `[\`${name.slice(prefix.length)}\`](${builtInDefinition(name).folder}/README.md)`,
        cell((await describePlugin(name)).description),
      ]);
      if (names.length === 0) return [];
      return [`## ${paths.join(', ')}`, table(['name', 'what it does'], await Promise.all(rows))];
    }),
  );
  return [
    '# Plugins of the package',
    NOTE,
    'By the slot of the configuration that each may stand in. The full name of one is `loss-cosine`; a configuration has the short one, `loss: cosine`. A folder has one plugin, or several that are small. A plugin of your own is [a file of yours](../docs/plugins.md).',
    ...sections.flat(),
  ].join('\n\n');
}

const HEAD = ['option', 'value', 'default', 'kind', 'what it is'];

async function slotSection([path, { prefix, what, broughtBy }]) {
  const names = builtInPlugins().filter((name) => name.startsWith(prefix));
  const first = Object.entries(SLOTS).find(([, slot]) => slot.prefix === prefix)?.[0] ?? path;
  const title = `## ${path}`;
  if (first !== path) return [title, `${capital(what)}, as in [${first}](#${anchor(first)}).`];
  if (names.length === 0)
    return [
      title,
      `${capital(what)} of your own, in the place of the one that the plugin in ${code(broughtBy)} brings.`,
    ];
  const sections = await Promise.all(names.map((name) => pluginSection(path, name, prefix)));
  return [
    title,
    `${capital(what)}, by its short name: ${names.map((name) => code(name.slice(prefix.length))).join(', ')}.`,
    ...sections.flat(),
  ];
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

async function pluginSection(path, name, prefix) {
  const { description } = describePlugin(name);
  const { folder, options: schema = { properties: {} } } = builtInDefinition(name);
  const rows = allOptions(schema).map(([option, one, of]) => optionRow(path, option, one, of));
  return [
    `### ${name}`,
    `${description} \`${path}: ${name.slice(prefix.length)}\`, [more](../../plugins/${folder}/README.md).`,
    ...(rows.length > 0 ? [table(HEAD, rows)] : ['It has no options.']),
  ];
}

/** Options and, below each, those that stand in it, by dotted name. */
function allOptions(schema, path = '') {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => [
    [path + name, one, schema],
    ...allOptions(one, `${path}${name}.`),
  ]);
}

function optionRow(path, name, schema, { required = [] }) {
  const value = required.includes(name.split('.').at(-1))
    ? 'required'
    : schema.default === undefined
      ? '–'
      : code(JSON.stringify(schema.default));
  const dotted = path === 'reports' || path === '' ? name : `${path}.${name}`;
  return [code(dotted), cell(expectation(schema)), value, schema.kind ?? 'result', cell(schema.description)];
}

/** Read off the table of hooks itself, where each has a line of words. */
function hooksPage() {
  const source = readFileSync(join(ROOT, 'core', 'hooks.ts'), 'utf8');
  const found = [
    ...source.matchAll(/\/\*\* ([^\n]+) \*\/\n {2}readonly (\w+): (Resolve|Change|Notify)<(.+)>;/g),
  ];
  const rows = (kind) =>
    found
      .filter((one) => one[3] === kind)
      .map(([, words, name, , type]) => [code(name), code(type), cell(words)]);
  return [
    '# Hooks',
    NOTE,
    'All hooks of a run, as a plugin finds them in `run.hooks`. [ARCHITECTURE.md](../../ARCHITECTURE.md#hooks) says in which order plugins are asked; `dna plugins` shows who is there. The types of answers are exported by `dna-nas/core/contracts`, those of events and values by `dna-nas/core` and `dna-nas/core/stages`.',
    '## Asked',
    'A tap gives the answer, or undefined to leave it to another plugin. It is told the `slot` that the answer is for.',
    table(['hook', 'answer', 'who or what is asked for'], rows('Resolve')),
    '## Changed',
    'A tap is given the value and gives it back, changed or not.',
    table(['hook', 'value', 'what it is'], rows('Change')),
    '## Told',
    'A tap is told in the main process, with plain data.',
    table(['hook', 'event', 'when'], rows('Notify')),
  ].join('\n\n');
}

function jsonPage() {
  const sections = Object.entries(JSON_SCHEMAS).flatMap(([name, schema]) => [
    `## dna ${name}`,
    `\`\`\`json\n${JSON.stringify(schema, null, 2)}\n\`\`\``,
  ]);
  return [
    '# What --json prints',
    NOTE,
    'With `--json` a command prints data alone on standard output: one JSON document of this schema. Errors stay on standard error, and the exit code says how it ended ([errors](../errors.md)).',
    ...sections,
  ].join('\n\n');
}

async function main() {
  const files = { ...(await madeFiles()), ...madeApiFiles() };
  const read = (name) => (existsSync(join(ROOT, name)) ? readFileSync(join(ROOT, name), 'utf8') : '');
  const stale = Object.entries(files).filter(([name, text]) => read(name) !== text);
  if (process.argv.includes('--check')) {
    for (const [name] of stale) console.error(`${name} is stale: node scripts/reference.mjs`);
    process.exitCode = stale.length > 0 ? 1 : 0;
    return;
  }
  mkdirSync(join(FOLDER, 'api'), { recursive: true });
  for (const name of readdirSync(FOLDER, { recursive: true }))
    if (name.endsWith('.md') && !(`docs/reference/${name}` in files)) rmSync(join(FOLDER, name));
  for (const [name, text] of stale) writeFileSync(join(ROOT, name), text);
  console.log(`reference: ${Object.keys(files).length} files, ${stale.length} written.`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
