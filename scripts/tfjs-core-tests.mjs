// Runs tfjs-core's own tests on one of our backends as it is built in dist/, and prints what fails, then the figures:
//   node scripts/tfjs-core-tests.mjs torch ['^conv2d ']
// The second word is a regular expression for the names of the specs. test/tfjs-core says how it works.
import { createJiti } from 'jiti';

const jiti = createJiti(import.meta.url);
const load = (name) => jiti.import(`../test/tfjs-core/${name}.ts`);
const [{ BACKENDS }, { runSuite }, { readExclusions }, { judge }, { describeFaults, describeVerdict }] =
  await Promise.all(['backends', 'run-suite', 'exclusions', 'judge', 'describe-verdict'].map(load));

const [name = '', matching = ''] = process.argv.slice(2);
if (!Object.hasOwn(BACKENDS, name)) {
  console.error(`tfjs-core-tests: "${name}" is none of ${Object.keys(BACKENDS).join(', ')}.`);
  process.exit(2);
}

const exclusions = readExclusions(name);
const run = await runSuite(BACKENDS[name], { matching });
const seen = exclusions.filter(({ specs }) => !matching || run.specs.some((spec) => specs.test(spec.name)));
const verdict = judge(run, seen);
const faults = describeFaults(verdict);
for (const fault of faults) console.log(fault);
console.log(`\n${describeVerdict(verdict)}`);
process.exitCode = faults.length === 0 ? 0 : 1;
