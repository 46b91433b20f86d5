import type { NetworkAccuracy } from 'dna-nas/evaluation';
import { isAgreement, tellsTop5 } from 'dna-nas/run-tools/words';
import { formatTable } from './table.js';

/**
 * One network as `{ images, top1, top5, …, predictions }`; those of a run as `{ run, networks: […] }`, without
 * predictions.
 */
export function asData(found: readonly NetworkAccuracy[], run: string | undefined): string {
  const networks = found.map(({ name, params, macs, warning, accuracy }) => ({
    ...{ name, ...accuracy, params, macs },
    ...(warning !== undefined && { warning }),
  }));
  if (run !== undefined) return JSON.stringify({ run, networks }, null, 2);
  return JSON.stringify({ ...networks[0]!, predictions: found[0]!.predictions }, null, 2);
}

/** A line a network, with 95 % confidence intervals; where classes are unbalanced, a line a class below. */
export function asTable(found: readonly NetworkAccuracy[]): string {
  const isBalanced = found.every(({ accuracy }) => accuracy.balanced === undefined);
  const accuracies = found.map(({ accuracy }) => accuracy);
  const hasFive = tellsTop5(accuracies);
  const interval = (share: number, ends: readonly number[]) =>
    `${percent(share)} (${ends.map(percent).join(' to ')})`;
  const rows = found.map(({ name, accuracy }) => [
    name,
    String(accuracy.images),
    interval(accuracy.top1, accuracy.top1Interval),
    ...(isBalanced ? [] : [percent(accuracy.balanced!)]),
    ...(hasFive ? [interval(accuracy.top5, accuracy.top5Interval)] : []),
  ]);
  const what = isAgreement(accuracies) ? 'agreement with the teacher, ' : '';
  const head = [
    ...['network', 'images', `${what}top-1 % (95 % interval)`],
    ...(isBalanced ? [] : ['balanced %']),
    ...(hasFive ? [`${what}top-5 % (95 % interval)`] : []),
  ];
  const table = formatTable([head, ...rows]);
  return isBalanced ? table : `${table}\n\n${classTable(found)}`;
}

/** Of the images of each class the share that each network is right on. */
function classTable(found: readonly NetworkAccuracy[]): string {
  const classes = found[0]!.accuracy.perClass!;
  const rows = classes.map(({ name, images }, index) => [
    name,
    String(images),
    ...found.map(({ accuracy }) => percent(accuracy.perClass![index]!.right / images)),
  ]);
  return formatTable([['class', 'images', ...found.map(({ name }) => `${name} %`)], ...rows]);
}

function percent(share: number): string {
  return (100 * share).toFixed(2);
}
