import type { Accuracy, NetworkResult } from 'dna-nas/core';
import { wilsonInterval } from 'dna-nas/nn';

/** What was measured on a number of images, with the intervals that so many allow. */
export function accuracyResult({
  top1,
  top5,
  images,
}: Accuracy & { readonly images: number }): Required<
  Pick<NetworkResult, 'top1' | 'top5' | 'images' | 'intervals'>
> {
  const interval = (share: number) => wilsonInterval(Math.round(share * images), images);
  const intervals = { top1: interval(top1), top5: interval(top5) };
  return { top1, top5, images, intervals };
}
