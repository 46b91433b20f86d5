// Runs tfjs-core's own tests on one of our backends as it is built in dist/, and prints what fails, then the figures:
//   node scripts/tfjs-core-tests.mjs torch ['^conv2d '] [--options '{ "device": "cuda" }']
// The second word is a regular expression for the names of the specs. test/tfjs-core/README.md says more.
import { parseArgs } from 'node:util';
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const load = (name) => jiti.import(`../test/tfjs-core/${name}.ts`);
const [{ BACKENDS }, { runSuite }, { readExclusions }, { judge }, { describeFaults, describeVerdict }] =
  await Promise.all(['backends', 'run-suite', 'exclusions', 'judge', 'describe-verdict'].map(load));

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { options: { type: 'string' } },
});
const [name = '', matching = ''] = positionals;
if (!Object.hasOwn(BACKENDS, name)) {
  console.error(`tfjs-core-tests: "${name}" is none of ${Object.keys(BACKENDS).join(', ')}.`);
  process.exit(2);
}

const options = values.options === undefined ? {} : { options: JSON.parse(values.options) };
const run = await runSuite({ ...BACKENDS[name], ...options }, { matching });
const all = readExclusions(name);
const exclusions = matching
  ? all.filter(({ specs }) => run.specs.some((spec) => specs.test(spec.name)))
  : all;
const verdict = judge(run, exclusions);
const faults = describeFaults(verdict);
for (const fault of faults) console.log(fault);
// Of some specs alone, which kernels they leave out says nothing.
const kernels = matching ? { ...verdict.kernels, notAskedFor: [] } : verdict.kernels;
console.log(`\n${describeVerdict({ ...verdict, kernels })}`);
process.exitCode = faults.length === 0 ? 0 : 1;
