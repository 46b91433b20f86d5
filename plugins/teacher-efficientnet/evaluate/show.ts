import { formatTable } from 'dna-nas/run-tools';
import type { Measured } from './measure.js';
import type { EvaluateOptions } from './options.js';
import type { Evaluation } from './subject.js';

/**
 * One network as `{ images, top1, top5, …, predictions }`; a run's as `{ run, networks: […] }`, without predictions.
 */
export function asData(
  found: readonly Measured[],
  { dataset }: Evaluation,
  { run, split }: EvaluateOptions,
): string {
  const networks = found.map(({ subject: { name, params, macs, warning }, accuracy }) => ({
    ...{ name, ...accuracy, params, macs },
    ...(warning !== undefined && { warning }),
  }));
  if (run !== undefined) return JSON.stringify({ run, networks }, null, 2);
  const predictions = found[0]!.predictions.map(({ label, classes }, index) => ({
    file: dataset.name?.(split, index) ?? String(index),
    label,
    classes,
  }));
  return JSON.stringify({ ...networks[0]!, predictions }, null, 2);
}

/** A line a network, with 95 % confidence intervals. */
export function asTable(found: readonly Measured[]): string {
  const rows = found.map(({ subject, accuracy }) => [
    subject.name,
    String(accuracy.images),
    `${percent(accuracy.top1)} (${accuracy.top1Interval.map(percent).join(' to ')})`,
    `${percent(accuracy.top5)} (${accuracy.top5Interval.map(percent).join(' to ')})`,
  ]);
  const head = ['network', 'images', 'top-1 % (95 % interval)', 'top-5 % (95 % interval)'];
  return formatTable([head, ...rows]);
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
