// Makes one option of one plugin deaf after the other, in a copy of the built package: the plugin gets the default,
// whatever is said. A test must fail by it: the file that test/options/shown-by.json names for the option. Arguments
// are options to try: `retrain-scratch`, or `retrain-scratch.mixup`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MutatedPackage } from './mutated-package.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rows = JSON.parse(readFileSync(join(root, 'test/options/shown-by.json'), 'utf8'));
const wanted = process.argv.slice(2);

/** The run's own options have no plugin that could be deaf. */
const options = Object.entries(rows)
  .filter(([plugin]) => plugin !== 'core')
  .flatMap(([plugin, own]) => Object.entries(own).map(([option, test]) => ({ plugin, option, test })))
  .filter(
    ({ plugin, option }) =>
      wanted.length === 0 || wanted.includes(plugin) || wanted.includes(`${plugin}.${option}`),
  );

/** What stands for the options that a plugin is applied with. */
function deafTo({ plugin, option }) {
  return `((given) => {
    const fallback = definition.options?.properties?.${option}?.default;
    if (definition.name !== '${plugin}') return given;
    const { ${option}: _, ...rest } = given;
    return fallback === undefined ? rest : { ...rest, ${option}: fallback };
  })(checked)`;
}

/** Options that the configuration takes in the plugin's place, which is given what they stand for. */
const BY_CONFIGURATION = {
  'retrain-scratch.recipe': {
    file: 'configuration/resolve/recipes.js',
    from: "if (typeof name !== 'string' ||",
    to: "if (true || typeof name !== 'string' ||",
  },
};

function faultOf(row) {
  return (
    BY_CONFIGURATION[`${row.plugin}.${row.option}`] ?? {
      file: 'core/plugin/define-plugin.js',
      from: 'definition.apply(run, checked)',
      to: `definition.apply(run, ${deafTo(row)})`,
    }
  );
}

const copy = await MutatedPackage.of(root);
const counts = { found: 0, SURVIVED: 0, skipped: 0 };
try {
  for (const row of options) {
    const { problem, failed, ran } = copy.tryFault({ ...faultOf(row), test: row.test });
    if (problem) throw new Error(problem);
    const verdict = failed.length > 0 ? 'found' : ran === 0 ? 'skipped' : 'SURVIVED';
    counts[verdict]++;
    console.log(`${verdict}: ${row.plugin}.${row.option} (${row.test})`);
  }
  console.log(
    `${counts.found} of ${options.length} deaf options were found, ${counts.skipped} could not be tried here`,
  );
} finally {
  copy.remove();
}
process.exitCode = counts.SURVIVED > 0 ? 1 : 0;
