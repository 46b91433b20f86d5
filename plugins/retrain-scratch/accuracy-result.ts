import type { Accuracy, NetworkResult } from 'dna-nas/core';
import { confidenceInterval } from 'dna-nas/nn';

/** What was measured on a number of images, with the intervals that so many allow. */
export function accuracyResult({
  top1,
  top5,
  images,
}: Accuracy & { readonly images: number }): Required<
  Pick<NetworkResult, 'top1' | 'top5' | 'images' | 'intervals'>
> {
  const intervals = { top1: confidenceInterval(top1, images), top5: confidenceInterval(top5, images) };
  return { top1, top5, images, intervals };
}
