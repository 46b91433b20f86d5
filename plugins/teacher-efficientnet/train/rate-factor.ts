/**
 * What the rate of a tensor is multiplied by, by its name as timm gives it: 1 for the classifier, and `decay` once more
 * for each part on the way to the stem: head, stages from the last to the first, stem.
 */
export function rateFactor(stages: number, decay: number): (parameter: string) => number {
  return (parameter) => decay ** partsBehind(parameter, stages);
}

function partsBehind(parameter: string, stages: number): number {
  if (parameter.startsWith('classifier.')) return 0;
  const stage = /^blocks\.(\d+)\./.exec(parameter)?.[1];
  if (stage !== undefined) return stages + 1 - Number(stage);
  return /^(conv_head|bn2)\./.test(parameter) ? 1 : stages + 2;
}
