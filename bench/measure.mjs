// What all benches share: medians, the interleaving of sides, the machine, and how figures are told.
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, platform, release } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * One result. `target` is what it must reach (`least`, `most`, or `exactly` for a check); without one the figure is
 * told and not judged.
 * @typedef {{ what: string, value: number | boolean, unit: string, target?: Target, detail?: string }} Figure
 * @typedef {{ least: number } | { most: number } | { exactly: boolean }} Target
 */

/** The middle value; the mean of the two middle ones of an even number. */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Measures all sides in every round, forwards and backwards in turn, so that a machine that warms up or slows down
 * does the same to each. Returns `{ side: [measurement a round] }`.
 */
export async function interleave(sides, rounds) {
  const names = Object.keys(sides);
  const measured = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 ? names.toReversed() : names) {
      const result = await sides[name](round);
      measured[name].push(result);
      tell(`round ${round + 1}/${rounds}, ${name}: ${result.seconds.toFixed(2)} s`);
    }
  }
  return measured;
}

/** Median over the rounds of one side's seconds as a multiple of another's. */
export function medianRatio(numerator, denominator) {
  return median(numerator.map(({ seconds }, round) => seconds / denominator[round].seconds));
}

/** Progress, beside the data. */
export function tell(text) {
  process.stderr.write(`${text}\n`);
}

/** Processor, system, Node, commit. */
export function describeMachine() {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    system: `${platform()} ${release()}`,
    node: process.version,
    commit: commit(),
  };
}

/** The commit that was measured, with a `+` if the sources differ from it. */
function commit() {
  const git = (...words) =>
    execFileSync('git', ['--no-optional-locks', ...words], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
  try {
    const changed = git(
      'status',
      '--porcelain',
      '--',
      'core',
      'nn',
      'plugins',
      'presets',
      'package-lock.json',
    );
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return 'unknown';
  }
}

/**
 * Starts counting what this process and all others take of the cores; the result ends the count and tells it. It is
 * given the milliseconds that processes of the bench's own have taken.
 */
export function watchCores() {
  const [began, own, all] = [performance.now(), process.cpuUsage(), busyMilliseconds()];
  return (children = 0) => {
    const { user, system } = process.cpuUsage(own);
    const milliseconds = performance.now() - began;
    const mine = (user + system) / 1000 + children;
    return {
      ownCores: mine / milliseconds,
      otherCores: Math.max(0, busyMilliseconds() - all - mine) / milliseconds,
    };
  };
}

function busyMilliseconds() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** Whether a figure reaches its target; undefined without one. */
export function isMet({ value, target }) {
  if (!target) return undefined;
  if ('exactly' in target) return value === target.exactly;
  return 'least' in target ? value >= target.least : value <= target.most;
}

const WIDTHS = [10, 9, 4];

/** Figures as lines of a table. */
export function table(figures) {
  const first = Math.max(...figures.map(({ what }) => what.length));
  const row = ([what, ...cells]) =>
    [what.padEnd(first), ...cells.map((cell, column) => cell.padStart(WIDTHS[column]))].join(' ').trimEnd();
  const lines = figures.flatMap((figure) => [
    row([
      figure.what,
      valueText(figure),
      targetText(figure),
      { true: 'yes', false: 'NO' }[isMet(figure)] ?? '',
    ]),
    ...(figure.detail ? [`    ${figure.detail}`] : []),
  ]);
  return [row(['figure', 'value', 'target', 'met']), ...lines].join('\n');
}

function valueText({ value, unit }) {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (unit === '%') return `${(100 * value).toFixed(1)} %`;
  return `${value.toFixed(unit === 'ms' ? 1 : 2)} ${unit}`;
}

function targetText({ target, unit }) {
  if (!target) return '';
  if ('exactly' in target) return target.exactly ? 'yes' : 'no';
  const shown = (value) => `${unit === '%' ? 100 * value : value} ${unit}`;
  return 'least' in target ? `≥ ${shown(target.least)}` : `≤ ${shown(target.most)}`;
}

/**
 * Runs a bench if its module is the program: the table on stdout, or with `--json` the data alone.
 * @param {string} module `import.meta.url`
 * @param {() => Promise<{ bench: string, figures: Figure[], skipped?: string }>} bench `skipped` says why there are none
 */
export async function runAlone(module, bench) {
  if (module !== pathToFileURL(process.argv[1]).href) return;
  const machine = describeMachine();
  const cores = watchCores();
  const result = await bench();
  const figures = result.figures.map((figure) => ({ ...figure, met: isMet(figure) }));
  const otherCores = result.otherCores ?? cores().otherCores;
  const text = process.argv.includes('--json')
    ? JSON.stringify({ ...result, figures, otherCores, machine }, null, 2)
    : `${resultText(result, figures)}\n\n${machineText(machine, otherCores)}`;
  process.stdout.write(`${text}\n`);
}

function resultText({ bench, skipped }, figures) {
  return skipped ? skippedText(bench, skipped) : table(figures);
}

/** The line of a bench that this machine has not what it takes for. */
export function skippedText(bench, reason) {
  return `${bench} skipped: ${reason}`;
}

/** Cores that others may take before figures are called provisional. */
const QUIET_CORES = 0.1;

/** The line under a table. */
export function machineText({ cpu, cores, system, node, commit }, otherCores) {
  const line = `${cpu}, ${cores} cores, ${system}, Node ${node}, commit ${commit}`;
  if (otherCores <= QUIET_CORES) return line;
  return `${line}\nProvisional: other processes took ${otherCores.toFixed(2)} cores meanwhile.`;
}
