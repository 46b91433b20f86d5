import { randomStream } from 'dna-nas/core';
import type { FeatureLoss } from 'dna-nas/core/contracts';
import { isRepeatable, record, tf } from 'dna-nas/nn';
import { type Check, demand } from '../check.js';
import { drawTensor, requireEqual, requireFinite, requireNoLeak, requireShape } from '../tensors.js';

const SHAPE = [2, 5, 4, 3];
/** Long enough for float32 to see a difference, short enough for the loss to be nearly straight. */
const STEP = 1e-2;
const GRADIENT_TOLERANCE = 0.05;

/** A loss: a scalar that is least at the teacher's own features, with a gradient to the student. */
export function lossChecks({ compute }: FeatureLoss): Check[] {
  const values = () => withMaps(({ student, teacher }) => compute(student, teacher).dataSync());
  return [
    {
      name: 'puts out a finite scalar',
      fix: 'Reduce over all axes, say with tf.mean, and keep divisors away from 0.',
      run: () =>
        withMaps(({ student, teacher }) => {
          const loss = compute(student, teacher);
          requireShape('its shape', loss.shape, []);
          requireFinite('the loss', loss.dataSync());
        }),
    },
    {
      name: 'is least where student and teacher agree',
      fix: 'A loss is a distance: give the difference its absolute value or square.',
      run: () =>
        withMaps(({ student, teacher }) => {
          const far = compute(student, teacher).dataSync()[0]!;
          const near = compute(tf.clone(teacher), teacher).dataSync()[0]!;
          demand(near < far, () => `${near} where both agree, ${far} where they differ`);
        }),
    },
    {
      name: 'has the gradient of its value',
      fix: 'Use ops that have gradients, and do not read values back (dataSync) on the way.',
      run: () => checkGradient(compute),
    },
    {
      name: 'gives the same bits twice',
      fix: 'Draw nothing and keep no state between calls.',
      run: () => requireEqual('the loss', values(), values()),
    },
    {
      name: 'is repeatable, if it says so',
      fix: 'Depend on the two maps alone, or leave `repeatable` away.',
      run: () => {
        if (isRepeatable(compute)) checkRepeatable(compute);
      },
    },
    {
      name: 'leaves no tensor behind and keeps its inputs',
      fix: 'Wrap what it does in tf.tidy, and dispose of nothing that it was given.',
      async run() {
        const student = drawTensor(randomStream(1), SHAPE);
        const teacher = drawTensor(randomStream(2), SHAPE);
        try {
          await requireNoLeak(() => compute(student, teacher));
        } finally {
          tf.dispose([student, teacher]);
        }
      },
    },
  ];
}

interface Maps {
  readonly student: tf.Tensor;
  readonly teacher: tf.Tensor;
}

function withMaps<Result>(work: (maps: Maps) => Result): Result {
  let result: Result | undefined;
  tf.tidy(() => {
    result = work({
      student: drawTensor(randomStream('student'), SHAPE),
      teacher: drawTensor(randomStream('teacher'), SHAPE),
    });
  });
  return result as Result;
}

/** What was recorded with the maps one way round, repeated the other way round. */
function checkRepeatable(compute: FeatureLoss['compute']): void {
  withMaps(({ student, teacher }) => {
    const { program, obstacle } = record({
      inputs: [student, teacher],
      run: () => compute(student, teacher),
      outputs: (loss) => [loss],
    });
    if (!program) throw new Error(`it cannot be repeated: ${obstacle}`);
    const repeated = program.run([teacher, student], undefined)[0]!.dataSync();
    program.dispose();
    requireEqual('the repeated loss', repeated, compute(teacher, student).dataSync());
  });
}

/** The gradient along a drawn direction, against the difference of two values. */
function checkGradient(compute: FeatureLoss['compute']): void {
  withMaps(({ student, teacher }) => {
    const direction = drawTensor(randomStream('direction'), SHAPE);
    const gradient = tf.grad((x) => compute(x, teacher))(student);
    requireShape('its gradient', gradient.shape, SHAPE);
    requireFinite('its gradient', gradient.dataSync());
    const along = tf.sum(tf.mul(gradient, direction)).dataSync()[0]!;
    const at = (step: number) => compute(tf.add(student, tf.mul(direction, step)), teacher).dataSync()[0]!;
    const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
    const limit = GRADIENT_TOLERANCE * Math.max(Math.abs(along), Math.abs(difference)) + 1e-4;
    demand(
      Math.abs(along - difference) <= limit,
      () =>
        `it falls by ${difference.toPrecision(3)} along a direction, its gradient says ${along.toPrecision(3)}`,
    );
  });
}
