// The settings of a run whose teacher's answer and whose candidates can be told from the pixels, and its arithmetic.

/** Nothing learns: a cell's weights stay the gains of its operations. */
const STILL = ['distill', 'retrain'].flatMap((stage) => [
  `${stage}.optimiser=sgd`,
  `${stage}.learningRate={use: constant, rate: 0}`,
]);

export const ANSWERING = [
  ...[
    'teacher=./witness/answers.mjs',
    'space=./witness/gains.mjs',
    'rank.rating=answer-kl',
    'distill.loss=l1',
  ],
  ...['distill.epochs=0.25', ...STILL],
];

/** As in witness/gains.mjs: of the operations. */
export const GAINS = [1, 0.5, 1.5];

/** What an image's second channel is, by its split. */
export const SPLITS = { train: 1, validation: 2 };

/** As in witness/answers.mjs, without the channel that is 0. */
const CLASSIFIER = [
  [0.002, -0.001, 0.003, 0],
  [0.1, 0.2, -0.1, 0],
];

/** The teacher's class probabilities for an image's two channels; behind the first block its logits are doubled. */
export function answerTo(
  channels: readonly number[],
  { block, factor = 1 }: { block: number; factor?: number },
): number[] {
  const scale = factor * (3 - block);
  return softmax(
    [0, 1, 2, 3].map(
      (k) => scale * channels.reduce((sum, value, c) => sum + value ** 2 * CLASSIFIER[c]![k]!, 0),
    ),
  );
}

function softmax(logits: readonly number[]): number[] {
  const powers = logits.map(Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** Mean over images of KL(p ‖ q), in nats. */
export function meanDivergence(answers: readonly (readonly [p: number[], q: number[]])[]): number {
  const each = answers.map(([p, q]) =>
    p.reduce((sum, probability, k) => sum + probability * Math.log(probability / q[k]!), 0),
  );
  return each.reduce((sum, value) => sum + value, 0) / answers.length;
}
