import { nothingDropped, nothingFrozen, nothingHeldOut } from '../errors.js';
import type { TrainCommandOptions } from './options.js';

/** What has one default for all trainings. */
export interface PlainRecipe {
  readonly momentum: number;
  readonly weightDecay: number;
  readonly labelSmoothing: number;
  readonly seed: number;
}

/** What differs where a training begins with weights. */
export interface FittingRecipe {
  /** Steps of the classifier alone, on features of the frozen body. */
  readonly frozenSteps: number;
  readonly epochs: number;
  readonly batch: number;
  /** Highest learning rate, reached after the warm-up; it falls to 0 along half a cosine wave. */
  readonly learningRate: number;
  readonly warmUpEpochs: number;
  /** The rate of a stage as a share of that of the stage behind it. */
  readonly layerDecay: number;
  /** By what batch norms normalise in training: the batch's statistics, or the running ones that they came with. */
  readonly statistics: 'batch' | 'running';
  /** Share of the moving average of all weights that stays at each step; 0: none is kept. */
  readonly movingAverage: number;
  /** Epochs without a better accuracy on the held-out images after which the training ends; 0: it never does. */
  readonly patience: number;
}

/** How a teacher is trained. */
export type TrainRecipe = PlainRecipe & FittingRecipe;

const FROM_SCRATCH: FittingRecipe = {
  frozenSteps: 0,
  epochs: 10,
  batch: 128,
  learningRate: 0.2,
  warmUpEpochs: 1,
  layerDecay: 1,
  statistics: 'batch',
  movingAverage: 0,
  patience: 0,
};

/** Steps that weights need to fit other images, and the passes over them that this may take. */
const TUNING_STEPS = 1200;
const FEWEST_EPOCHS = 3;
const MOST_EPOCHS = 30;

/** The options, and where they are silent what fits: weights that begin well are changed little. */
export function recipeOf(
  options: TrainCommandOptions,
  { train, validation }: { train: number; validation: number },
): TrainRecipe {
  const preset = options.from === undefined ? FROM_SCRATCH : tuning({ train, validation });
  const { momentum, weightDecay, labelSmoothing, seed } = options;
  const told = Object.fromEntries(
    Object.keys(preset).flatMap((name) => {
      const value = options[name as keyof FittingRecipe];
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const recipe = { ...preset, ...told, momentum, weightDecay, labelSmoothing, seed };
  if (options.from === undefined && recipe.frozenSteps > 0) throw nothingFrozen();
  if (recipe.patience > 0 && validation === 0) throw nothingHeldOut();
  if (recipe.statistics === 'running' && options.dropout + options.dropConnect > 0) throw nothingDropped();
  return recipe;
}

function tuning({ train, validation }: { train: number; validation: number }): FittingRecipe {
  const batch = Math.min(32, train);
  const epochs = Math.round(TUNING_STEPS / Math.max(1, Math.floor(train / batch)));
  return {
    frozenSteps: 1000,
    epochs: Math.min(MOST_EPOCHS, Math.max(FEWEST_EPOCHS, epochs)),
    batch,
    learningRate: 0.005,
    warmUpEpochs: 1,
    layerDecay: 0.75,
    statistics: 'running',
    movingAverage: 0.99,
    patience: validation > 0 ? 5 : 0,
  };
}
