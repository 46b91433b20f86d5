import { formatTable, isAgreement } from 'dna-nas/run-tools/words';
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

/** A line a network, with 95 % confidence intervals; where classes are unbalanced, a line a class below. */
export function asTable(found: readonly Measured[]): string {
  const isBalanced = found.every(({ accuracy }) => accuracy.balanced === undefined);
  const rows = found.map(({ subject, accuracy }) => [
    subject.name,
    String(accuracy.images),
    `${percent(accuracy.top1)} (${accuracy.top1Interval.map(percent).join(' to ')})`,
    ...(isBalanced ? [] : [percent(accuracy.balanced!)]),
    `${percent(accuracy.top5)} (${accuracy.top5Interval.map(percent).join(' to ')})`,
  ]);
  const balanced = isBalanced ? [] : ['balanced %'];
  const what = isAgreement(found.map(({ accuracy }) => accuracy)) ? 'agreement with the teacher,' : '';
  const [first, five] = ['top-1', 'top-5'].map((top) => `${what} ${top} % (95 % interval)`.trim());
  const head = ['network', 'images', first!, ...balanced, five!];
  const table = formatTable([head, ...rows]);
  return isBalanced ? table : `${table}\n\n${classTable(found)}`;
}

/** Of the images of each class the share that each network is right on. */
function classTable(found: readonly Measured[]): string {
  const classes = found[0]!.accuracy.perClass!;
  const rows = classes.map(({ name, images }, index) => [
    name,
    String(images),
    ...found.map(({ accuracy }) => percent(accuracy.perClass![index]!.right / images)),
  ]);
  return formatTable([['class', 'images', ...found.map(({ subject }) => `${subject.name} %`)], ...rows]);
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
