import type { NetworkResult } from 'dna-nas/core/stages';

/** What the shares of test images are called that networks are right on: without labels it is no accuracy. */
export function accuracyName(
  networks: readonly Pick<NetworkResult, 'agreementWith'>[],
): 'test accuracy' | 'agreement with the teacher' {
  return isAgreement(networks) ? 'agreement with the teacher' : 'test accuracy';
}

/** Whether networks were held against the teacher's answers, as the data have no labels. */
export function isAgreement(networks: readonly Pick<NetworkResult, 'agreementWith'>[]): boolean {
  return networks.some(({ agreementWith }) => agreementWith !== undefined);
}

/** Whether the share that is right among five is news: with five classes or fewer it always is 1. */
export function tellsTop5(networks: readonly { readonly top5?: number | undefined }[]): boolean {
  return networks.some(({ top5 }) => top5 !== undefined && top5 < 1);
}
