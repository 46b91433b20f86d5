import type { DataDescription } from 'dna-nas/core/contracts';
import { counted } from 'dna-nas/errors';
import type { Findings } from '../findings.js';
import type { PlannedStage } from './stages.js';

/**
 * Steps below which a training from random weights has hardly begun. With 225 photographs of three classes 26 steps of
 * retraining reached 43 %, 430 reached 98 %.
 */
const FEW_STEPS = 300;
/** Half a 95 % interval of an accuracy, in points, above which test images tell little. */
const WIDE = 5;
/** Deviations to either side of a 95 % interval. */
const WIDTH = 1.96;

/** Warns of what runs to its end and teaches or tells nothing. */
export function warnOfFew(
  { stages, data }: { readonly stages: readonly PlannedStage[]; readonly data: DataDescription },
  findings: Findings,
): void {
  for (const { stage, stepsEach } of stages)
    if (stepsEach !== undefined) warnOfSteps(stage, stepsEach, findings);
  warnOfImages(data.size.test, findings);
}

function warnOfSteps(stage: string, steps: number, findings: Findings): void {
  if (steps >= FEW_STEPS) return;
  findings.warning(
    `${stage} steps`,
    `each network is trained for ${counted(steps, 'step')}; below ${FEW_STEPS} it has hardly begun`,
    `Train for more epochs, ${Math.ceil(FEW_STEPS / steps)} times as many or more (${stage}.epochs), or in smaller batches (${stage}.batch).`,
  );
}

/** The interval is widest at 50 %. */
function warnOfImages(images: number, findings: Findings): void {
  const half = (100 * WIDTH * 0.5) / Math.sqrt(images);
  if (half <= WIDE) return;
  findings.warning(
    'test split',
    `${images} test images tell an accuracy to ±${half.toFixed(0)} points; networks that differ by less look alike`,
    'Test on more images, if there are some.',
  );
}
