import { DnaError } from 'dna-nas/errors';

/** The rating compares answers, and the teacher cannot go on from features; `stage` is the name of the block's last. */
export function noAnswer(rating: string, { teacher, stage }: { teacher: string; stage: string }): DnaError {
  return new DnaError(
    'RATING_ANSWERS',
    `The rating ${rating} compares the teacher's answers, but the teacher ${teacher} cannot go on from its features behind ${stage}; expected answer(), and macsBehind in its description.`,
    'Take a teacher that can (--set teacher.use=efficientnet or network), or rate by features: --set rank.rating=relative-l1.',
    { exitCode: 2 },
  );
}

/** Candidates are to be fine-tuned, and the teacher gives no copy of what follows a stage. */
export function noRest({ teacher, stage }: { teacher: string; stage: string }): DnaError {
  return new DnaError(
    'RATING_ANSWERS',
    `rank.fineTuneSteps trains the teacher's layers behind a candidate, but the teacher ${teacher} gives none behind ${stage}; expected rest().`,
    'Take a teacher that can (--set teacher.use=efficientnet or network), or rate without: --set rank.fineTuneSteps=0.',
    { exitCode: 2 },
  );
}

/** Candidates are to be fine-tuned by a rating that has no answer to train by. */
export function fineTunedFeatures(rating: string): DnaError {
  return new DnaError(
    'CONFIG_INVALID',
    `rank.fineTuneSteps needs a rating that compares answers, and ${rating} compares feature maps.`,
    'Take one (--set rank.rating=answer-kl), or rate without: --set rank.fineTuneSteps=0.',
    { exitCode: 2 },
  );
}
