// Pages of docs/reference/api: one an entry of the package, and a table of them. `node scripts/reference.mjs` writes them.
import { publicEntries } from './api.mjs';

/** @returns {Record<string, string>} pages by file name. */
export function apiPages() {
  const entries = publicEntries();
  const pages = entries.map((each) => [fileOf(each.entry), entryPage(each)]);
  return { 'README.md': tablePage(entries), ...Object.fromEntries(pages) };
}

/** `dna-nas/core/run` → `core-run.md`. */
const fileOf = (entry) => `${entry.replace(/^dna-nas\//, '').replaceAll('/', '-')}.md`;
const escaped = (text) => text.replaceAll('<', '&lt;');
const paragraph = (text) => text.replaceAll(/\s*\n\s*/g, ' ');

function tablePage(entries) {
  const rows = entries.map(
    ({ entry, doc, exported }) =>
      `| [\`${entry}\`](${fileOf(entry)}) | ${exported.length} | ${escaped(paragraph(doc)).replaceAll('|', '\\|')} |`,
  );
  return [
    '# Programming interface',
    'What each entry of the package exports: signatures and what they do. A folder of plugins has an entry, `dna-nas/plugins/<folder>`, with the factory of each ([the folders](../../../plugins/README.md)), and a preset one, `dna-nas/presets/<name>`; [options](../options.md) lists plugins and presets. [Writing plugins](../../plugins.md) begins with examples.',
    ['| import from | names | for |', '| --- | --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function entryPage({ entry, doc, exported }) {
  return [`# ${entry}`, ...(doc ? [described(doc)] : []), contents(exported), ...exported.map(section)].join(
    '\n\n',
  );
}

/** Every name under the file that declares it. */
function contents(exported) {
  const subjects = [...new Set(exported.map(({ subject }) => subject))];
  const rows = subjects.map((subject) => {
    const names = exported.filter((each) => each.subject === subject);
    const links = names.map((each) => `[\`${each.name}\`](#${anchorOf(each)})`);
    return `| ${subject} | ${links.join(', ')} |`;
  });
  return ['| file | names |', '| --- | --- |', ...rows].join('\n');
}

/** Types stand apart from functions, of which names often differ in a capital alone. */
const titleOf = ({ name, isType }) => (isType ? `type ${name}` : name);
const anchorOf = (exported) => titleOf(exported).toLowerCase().replace(' ', '-');

function section(exported) {
  const { doc, text } = exported;
  return [`## ${titleOf(exported)}`, `\`\`\`ts\n${text}\n\`\`\``, ...(doc ? [described(doc)] : [])].join(
    '\n\n',
  );
}

const TAGS = { throws: 'Throws', returns: 'Returns', default: 'Default:', param: '' };

/** A docstring as paragraphs: a tag begins one, and a list stays one. */
function described(doc) {
  return doc
    .split(/\n\s*\n|\n(?=\s*[-@] ?)/)
    .map((part) => paragraph(part.trim()))
    .map((part) => part.replace(/^@(\w+)\s*/, (_, tag) => `${TAGS[tag] ?? tag} `).trim())
    .map(escaped)
    .join('\n\n');
}
