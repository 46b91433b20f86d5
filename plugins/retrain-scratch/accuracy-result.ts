import type { ClassAnswers } from 'dna-nas/accuracy';
import { wilsonInterval } from 'dna-nas/accuracy';
import type { DataDescription } from 'dna-nas/core/contracts';
import type { NetworkResult } from 'dna-nas/core/stages';
import {
  classAnswers,
  type MeasuredAccuracy,
  type UnbalancedAccuracy,
  unbalancedAccuracy,
} from 'dna-nas/nn/training';

/** What a task's result keeps of a measurement: beside what the summary says, which images were right, and the classes. */
export type AccuracyResult = Required<Pick<NetworkResult, 'top1' | 'top5' | 'images' | 'intervals'>> &
  Pick<MeasuredAccuracy, 'right'> &
  Pick<NetworkResult, 'agreementWith'> &
  UnbalancedAccuracy & { readonly byClass?: ClassAnswers };

/** What was measured on a number of images, with the intervals that so many allow. */
export function accuracyResult(
  { top1, top5, images, right, classes }: MeasuredAccuracy,
  data: DataDescription,
): AccuracyResult {
  const interval = (share: number) => wilsonInterval(Math.round(share * images), images);
  const intervals = { top1: interval(top1), top5: interval(top5) };
  const byClass = classAnswers(classes, data);
  const counts = { images, intervals, right, ...(byClass && { byClass }) };
  if (data.labels === false) return { agreementWith: 'teacher', top1, top5, ...counts };
  return { top1, top5, ...unbalancedAccuracy(classes, data), ...counts };
}
