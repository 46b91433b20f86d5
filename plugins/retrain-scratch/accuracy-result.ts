import type { NetworkResult } from 'dna-nas/core';
import { type MeasuredAccuracy, wilsonInterval } from 'dna-nas/nn';

/** What a task's result keeps of a measurement: beside what the summary says, which images were right. */
export type AccuracyResult = Required<Pick<NetworkResult, 'top1' | 'top5' | 'images' | 'intervals'>> &
  Pick<MeasuredAccuracy, 'right'>;

/** What was measured on a number of images, with the intervals that so many allow. */
export function accuracyResult({ top1, top5, images, right }: MeasuredAccuracy): AccuracyResult {
  const interval = (share: number) => wilsonInterval(Math.round(share * images), images);
  const intervals = { top1: interval(top1), top5: interval(top5) };
  return { top1, top5, images, intervals, right };
}
