// Everything that only a GPU can tell, in one command: npm run gpu-check. docs/how-to/check-a-gpu.md describes it.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FAKE_BACKENDS, hasFakeInstallation } from './fake.mjs';
import { describeWhere, identityOf } from './machine.mjs';
import { hasGpuDevice } from './nvidia.mjs';
import { MINUTES, PARTS } from './parts.mjs';
import { countVerdicts, dueParts, openReport, saveReport } from './report.mjs';
import { runModule, stopAll } from './run-module.mjs';
import { tableOf } from './table.mjs';

const OPTIONS = {
  /** Parts to run, whether or not they have a result. */
  only: { type: 'string', multiple: true, default: [] },
  /** Forgets the results that the report has. */
  again: { type: 'boolean', default: false },
  /** On a CUDA runtime that computes nothing: what needs no computed numbers. */
  fake: { type: 'boolean', default: false },
  /** `cpu` is for the development of the check itself. */
  device: { type: 'string', default: 'cuda' },
  /** Images of a step; 0 chooses by the card's memory. */
  batch: { type: 'string', default: '0' },
  /** For all parts together; a fake GPU has little to do, and as long as it likes. */
  minutes: { type: 'string' },
  report: { type: 'string', default: 'gpu-check.json' },
};

const FAKE_MINUTES = 60;

const NO_GPU =
  'gpu-check needs an NVIDIA GPU with its driver, and this machine has none; ' +
  '`npm run gpu-check -- --fake` runs what needs no computed numbers.';

const NO_FAKE =
  'gpu-check --fake needs the torch backend on a CUDA that computes nothing, which is not installed here; ' +
  '`node scripts/fake-cuda.mjs --install` does it.';

/** @returns the exit code: 1 where something failed, 2 where nothing could be checked. */
async function main() {
  const options = readOptions();
  const missing = missingDevice(options);
  if (missing) return refuse(missing);
  // Of the processes that compute.
  if (options.fake && options.device !== 'cpu') process.env.DNA_BACKENDS = FAKE_BACKENDS;
  const unknown = options.only.filter((name) => !PARTS.some((part) => part.name === name));
  if (unknown.length > 0) {
    return refuse(`There is no part ${unknown.join(', ')}; the parts are ${names(PARTS)}.`);
  }
  const machine = describeWhere();
  const identity = identityOf(machine, options);
  const report = openReport(options.report, { identity, machine, options, again: options.again });
  await runParts(report, options);
  return conclude(report, options);
}

function readOptions() {
  const { values } = parseArgs({ options: OPTIONS });
  const only = values.only.flatMap((names) => names.split(','));
  const minutes = values.fake ? FAKE_MINUTES : MINUTES;
  return { ...values, only, batch: Number(values.batch), minutes: Number(values.minutes ?? minutes) };
}

function missingDevice({ device, fake }) {
  if (device === 'cpu') return undefined;
  if (fake) return hasFakeInstallation() ? undefined : NO_FAKE;
  return hasGpuDevice() ? undefined : NO_GPU;
}

function refuse(text) {
  console.error(text);
  return 2;
}

function names(parts) {
  return parts.map(({ name }) => name).join(', ');
}

async function runParts(report, options) {
  const due = dueParts(PARTS, report, options.only);
  const kept = PARTS.filter((part) => report.parts[part.name] && !due.includes(part));
  if (kept.length > 0) console.error(`kept from ${options.report}: ${names(kept)}`);
  for (const { name, seconds } of due) {
    delete report.parts[name];
    const given = (seconds * options.minutes) / MINUTES;
    console.error(`${name}, at most ${given.toFixed(0)} s …`);
    report.parts[name] = await runPart(name, { ...options, seconds: given });
    saveReport(options.report, report);
    const { status, seconds: took } = report.parts[name];
    console.error(`${name}: ${status} after ${took.toFixed(1)} s`);
  }
}

async function runPart(name, request) {
  const began = performance.now();
  const { result, failure } = await runModule(`./parts/${name}.mjs`, request, { group: true });
  const { rows = [], data = {}, cuts = [] } = result ?? {};
  const failed = failure !== undefined || rows.some(({ verdict }) => verdict === 'failed');
  return {
    status: failed ? 'failed' : 'ok',
    seconds: (performance.now() - began) / 1000,
    budget: request.seconds,
    finished: new Date().toISOString(),
    ...{ rows, cuts, data },
    ...(failure && { failure }),
  };
}

function conclude(report, options) {
  const { ok, failed, below, skipped } = countVerdicts(report);
  const seconds = Object.values(report.parts).reduce((sum, part) => sum + part.seconds, 0);
  const shown = PARTS.filter(({ name }) => options.only.length === 0 || options.only.includes(name));
  console.log(tableOf(report, shown));
  console.log(
    `\n${ok} passed, ${failed} failed, ${below} speeds below their target, ${skipped} skipped; ` +
      `${seconds.toFixed(0)} s; ${resolve(options.report)}`,
  );
  return failed > 0 ? 1 : 0;
}

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
]) {
  process.on(signal, () => {
    stopAll();
    console.error('\nStopped; the same command goes on with the parts that have no result.');
    process.exit(code);
  });
}
process.exitCode = await main();
