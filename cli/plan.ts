import type { ConfigRequest } from 'dna-nas/configuration';
import { grouped, wrongUsage } from 'dna-nas/errors';
import { type Plan, planProblems, planRun } from 'dna-nas/run-tools';
import { findingRows } from './finding-rows.js';
import { printable } from './printable.js';
import { formatTable, printJson } from './table.js';

/**
 * `dna plan`: looks a run over before it costs anything.
 * @throws DnaError `PLAN_PROBLEMS` where something stands in the way.
 */
export async function planCommand(
  request: ConfigRequest,
  { seconds, images, json }: { seconds: string; images: string; json: boolean },
): Promise<void> {
  const plan = await planRun(request, {
    seconds: readNumber('--seconds', seconds, 0),
    images: readNumber('--images', images, 1),
  });
  if (json) printJson(plan);
  else showPlan(plan);
  requireSound(plan);
}

/** Prints a plan for people. */
export function showPlan(plan: Plan): void {
  process.stdout.write(`${printable(formatPlan(plan))}\n`);
}

/** @throws DnaError `PLAN_PROBLEMS` where something stands in the way. */
export function requireSound({ sound, findings }: Plan): void {
  if (!sound) throw planProblems(findings.filter(({ verdict }) => verdict === 'problem').length);
}

function readNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least) return value;
  throw wrongUsage(
    `${name} is ${JSON.stringify(text)}; a number from ${least} is expected.`,
    `Say, ${name} 20.`,
  );
}

function formatPlan(plan: Plan): string {
  const rows = plan.findings.flatMap(findingRows);
  const parts = [`Plan of ${plan.name}: nothing is trained and nothing is written.\n\n${formatTable(rows)}`];
  if (plan.stages.length > 0) parts.push(formatTable(stageRows(plan)));
  return parts.join('\n\n');
}

function stageRows({ stages, speed }: Plan): string[][] {
  const head = ['stage', 'steps', 'images', 'multiply-adds', 'feature maps'];
  const timed = [...(speed ? ['time on this machine'] : []), ...(speed?.reading ? ['bound by'] : [])];
  const rows = stages.map(({ stage, steps, images, macs, activationBytes, hours, bound }) => [
    ...[stage, count(steps), count(images), macs.toExponential(2), bytes(activationBytes)],
    ...[duration(hours), bound ? BOUNDS[bound] : '–'].slice(0, timed.length),
  ]);
  return [[...head, ...timed], ...rows];
}

const BOUNDS = { computing: 'computing', reading: 'reading images', cores: 'cores for both' } as const;

function count(value: number | undefined): string {
  return value === undefined ? '–' : grouped(value);
}

function bytes(value: number | undefined): string {
  return value === undefined
    ? '–'
    : `${(value / 2 ** 20).toLocaleString('en', { maximumFractionDigits: 0 })} MiB`;
}

/** `4 min`, `3.2 h`, `12 days`: no more digits than a forecast has. */
export function duration(hours: number | undefined): string {
  if (hours === undefined) return '–';
  if (hours < 1) return `${Math.max(1, Math.round(60 * hours))} min`;
  return hours < 48 ? `${hours.toPrecision(2)} h` : `${grouped(Number((hours / 24).toPrecision(2)))} days`;
}
