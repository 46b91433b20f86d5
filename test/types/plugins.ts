/** What must and must not compile for authors of plugins; `npm run typecheck` fails where it is not so. */
import { definePlugin } from 'dna-nas/core';
import type { FeatureLoss, FeatureShape, ForwardContext, SearchSpace } from 'dna-nas/core/contracts';
import { allCells } from 'dna-nas/core/space';
import { Module, tf } from 'dna-nas/nn';
import { ClassifierHead, Stem } from 'dna-nas/nn/layers';
import { layeredSpace } from 'dna-nas/nn/space';
import {
  blockwise,
  type DistillOptions,
  type DistillStrategy,
  distillOptions,
  distillStage,
  singlePathStep,
} from 'dna-nas/plugins/distill';
import { lossCosine } from 'dna-nas/plugins/losses';
import { optimiserAdam } from 'dna-nas/plugins/optimisers';
import { answerOf, checkPlugin } from 'dna-nas/testing';

const named = { name: 'loss-mine', description: 'One.', module: import.meta.url } as const;

/** The whole of a loss. */
export const lossMine = definePlugin<{ readonly power: number }>({
  ...named,
  options: { properties: { power: { description: 'The power.', type: 'number', default: 2 } } },
  apply(run, { power }) {
    const exact: number = power;
    run.hooks.resolveLoss.tap('loss-mine', ({ slot }) => {
      const text: string = slot;
      return { name: text, compute: (student, teacher) => tf.mean(tf.pow(tf.sub(student, teacher), exact)) };
    });
  },
});

/** A strategy of distillation, as the README of the plugin shows one. */
const oneBlockARound: DistillStrategy = {
  ...blockwise,
  rounds: ({ blocks }) => blocks.length,
  tasks: (world, { index }) => allCells(world).filter(({ block }) => block === index),
  view: ({ blocks }, tasks) => blocks.filter(({ index }) => tasks.some(({ block }) => block === index)),
};
definePlugin<Omit<DistillOptions, 'schedule'>>({
  ...named,
  options: { properties: distillOptions },
  apply(run, options) {
    run.hooks.resolveDistill.tap('mine', () => distillStage(run, options, oneBlockARound));
    run.hooks.resolveStep.tap('mine', () => singlePathStep);
  },
});

// Factories take their options, all of them optional.
lossMine();
lossMine({ power: 3 });
// @ts-expect-error: an option of another type
lossMine({ power: 'three' });
// @ts-expect-error: an option that is misspelt
lossMine({ pwoer: 3 });
lossCosine();
optimiserAdam({ beta1: 0.8 });
// @ts-expect-error: an option of another type
optimiserAdam({ beta1: '0.8' });

const power = { description: 'The power.', type: 'number', default: 2 };
interface PowerOptions {
  readonly power: number;
  readonly scale?: number;
}
// @ts-expect-error: options without a schema
definePlugin<PowerOptions>({ ...named, apply() {} });
// @ts-expect-error: an option without its schema
definePlugin<PowerOptions>({ ...named, options: { properties: { power } }, apply() {} });
definePlugin<PowerOptions>({
  ...named,
  // @ts-expect-error: the schema of an option that is not there
  options: { properties: { power, scale: power, pwoer: power } },
  apply() {},
});
definePlugin<PowerOptions>({
  ...named,
  // @ts-expect-error: a required option that is not there
  options: { properties: { power, scale: power }, required: ['pwoer'] },
  apply() {},
});

// @ts-expect-error: a definition without apply
definePlugin({ ...named });
// @ts-expect-error: a definition without a description
definePlugin({ name: 'loss-mine', apply() {} });
definePlugin({
  ...named,
  // @ts-expect-error: an option without a description
  options: { properties: { power: { type: 'number' } } },
  apply() {},
});

definePlugin({
  ...named,
  apply(run) {
    // @ts-expect-error: a hook that is not there
    run.hooks.resolveLos.tap('mine', () => undefined);
    // @ts-expect-error: the table of hooks is closed
    run.hooks.resolveLoss = run.hooks.resolveSpace;
    // @ts-expect-error: a loss without its name
    run.hooks.resolveLoss.tap('mine', () => ({ compute: () => tf.scalar(0) }));
    // @ts-expect-error: a loss that gives a number
    run.hooks.resolveLoss.tap('mine', () => ({ name: 'mine', compute: () => 0 }));
    // A rating compares feature maps, or the teacher's answers.
    run.hooks.resolveRating.tap('mine', () => ({ name: 'mine', compute: () => tf.scalar(0) }));
    run.hooks.resolveRating.tap('mine', () => ({
      name: 'mine',
      compares: 'answers',
      compute: () => tf.scalar(0),
    }));
    run.hooks.resolveRating.tap('mine', () => ({
      name: 'mine',
      // @ts-expect-error: something else
      compares: 'labels',
      compute: () => tf.scalar(0),
    }));
    // @ts-expect-error: an answer of another kind
    run.hooks.resolveSpace.tap('mine', () => ({ name: 'mine', compute: () => tf.scalar(0) }));
    // Another plugin may answer.
    run.hooks.resolveLoss.tap('mine', () => undefined);
    run.hooks.resolveLoss.tapPromise('mine', async () => ({ name: 'mine', compute: () => tf.scalar(0) }));
    // A value changes into one of its kind.
    run.hooks.loss.tap('mine', (loss) => ({ ...loss, name: `twice ${loss.name}` }));
    // @ts-expect-error: into another kind
    run.hooks.loss.tap('mine', () => 3);
    // What is told is typed too.
    run.hooks.stepFinished.tap('mine', ({ loss, step }) => void (loss + step));
    // @ts-expect-error: a field that the event does not have
    run.hooks.stepFinished.tap('mine', ({ epoch }) => void epoch);
    run.resolve('resolveLoss', 'distill.loss').then((loss: FeatureLoss) => loss.compute);
    // @ts-expect-error: another kind than was asked for
    run.resolve('resolveLoss', 'distill.loss').then((space: SearchSpace) => space.blocks);
    // @ts-expect-error: a noun cannot be asked
    run.resolve('loss', 'distill.loss');
  },
});

/** A module says what it does and what it costs. */
export class Double extends Module {
  override forward(x: tf.Tensor, context: ForwardContext): tf.Tensor {
    return context.mode === 'train' ? tf.mul(x, 2) : x;
  }

  override trace(input: FeatureShape) {
    return { output: input, macs: 0 };
  }
}

// @ts-expect-error: a module without its cost
export class Priceless extends Module {
  override forward(x: tf.Tensor): tf.Tensor {
    return x;
  }
}

layeredSpace({
  name: 'mine',
  blocks: [{ stride: 2, cells: [{ layers: 1, channels: 8 }] }],
  operations: ['a'],
  createOperation: () => new Double(),
  createStem: (inputChannels) => new Stem({ inputChannels, outputChannels: 8 }),
  createHead: (inputChannels, { classes }) => new ClassifierHead({ inputChannels, channels: 8, classes }),
});
// @ts-expect-error: a space without a head
layeredSpace({ name: 'mine', blocks: [], operations: [], createOperation: () => new Double() });

// Answers come typed by their hook.
answerOf('./mine.ts', 'resolveSpace').then(({ blocks }) => blocks.length);
// @ts-expect-error: another kind than was asked for
answerOf('./mine.ts', 'resolveSpace').then(({ compute }) => compute);
checkPlugin('./mine.ts', { options: { power: 3 }, threads: false }).then(([first]) => first?.problem);
// @ts-expect-error: an option that checkPlugin does not have
checkPlugin('./mine.ts', { thread: false });
