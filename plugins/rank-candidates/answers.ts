import type { Block, Rating, TeacherDescription, TeacherRest } from 'dna-nas/core/contracts';
import type { TaskContext } from 'dna-nas/core/stages';
import { tf } from 'dna-nas/nn';
import { resizeFeatures } from 'dna-nas/nn/features';
import { noAnswer, noRest } from './errors.js';

/** What a rating sees of a block's feature map, candidate's or teacher's. It may be the map itself. */
export type View = (map: tf.Tensor) => tf.Tensor;

/** The map itself, or what the teacher answers behind it, in its own resolution. */
export async function openView(rating: Rating, block: Block, context: TaskContext): Promise<View> {
  const { name, compares, statistics = 'running' } = rating;
  if (compares !== 'answers') return (map) => map;
  const { outputStage: stage } = block;
  const teacher = await context.teacher();
  const { name: stageName, output } = teacher.description.stages[stage]!;
  if (!teacher.answer) throw noAnswer(name, { teacher: teacher.description.name, stage: stageName });
  return (map) =>
    tf.tidy(() => teacher.answer!(resizeFeatures(map as tf.Tensor4D, output), stage, statistics));
}

/** Opens, again and again, what follows the teacher's block: it takes maps in the student's resolution. */
export async function openRests(
  { outputStage: stage }: Block,
  context: TaskContext,
): Promise<() => TeacherRest> {
  const teacher = await context.teacher();
  const { name, stages } = teacher.description;
  if (!teacher.rest) throw noRest({ teacher: name, stage: stages[stage]!.name });
  return () => {
    const rest = teacher.rest!(stage);
    return {
      forward: (map, mode) => rest.forward(resizeFeatures(map, stages[stage]!.output), mode),
      tensors: () => rest.tensors(),
      dispose: () => rest.dispose(),
    };
  };
}

/**
 * Multiply-adds from a block's output to what the rating sees of it, for one image.
 * @throws DnaError `RATING_ANSWERS` if it wants an answer that the teacher does not give.
 */
export function macsOfView(
  { name, compares }: Rating,
  { outputStage }: Block,
  teacher: TeacherDescription,
): number {
  if (compares !== 'answers') return 0;
  const { name: stage, macsBehind } = teacher.stages[outputStage]!;
  if (macsBehind === undefined) throw noAnswer(name, { teacher: teacher.name, stage });
  return macsBehind;
}
