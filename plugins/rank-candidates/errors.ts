import { DnaError } from 'dna-nas/core';

/** The rating compares answers, and the teacher cannot go on from features; `stage` is the name of the block's last. */
export function noAnswer(rating: string, { teacher, stage }: { teacher: string; stage: string }): DnaError {
  return new DnaError(
    'RATING_ANSWERS',
    `The rating ${rating} compares the teacher's answers, but the teacher ${teacher} cannot go on from its features behind ${stage}; expected answer(), and macsBehind in its description.`,
    'Take a teacher that can (--set teacher.use=efficientnet or network), or rate by features: --set rank.rating=relative-l1.',
    { exitCode: 2 },
  );
}
