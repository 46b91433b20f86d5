import type { ResolveHook } from './plugin.js';

/** A place in the configuration where a plugin is chosen by name: `distill.loss: cosine`. */
export interface Slot {
  /** Hook that the chosen plugin answers. */
  readonly hook: ResolveHook;
  /** The short name's prefix: `cosine` → `loss-cosine`. */
  readonly prefix: string;
  /** For messages: `a loss`. */
  readonly what: string;
  /** Short name of the plugin that stands in a slot inside of ours if nobody chooses one. */
  readonly default?: string;
  /** Whether a run does without one. */
  readonly optional?: boolean;
  /** The slot whose plugin answers itself where nobody is chosen: supernets bring a sampler. */
  readonly broughtBy?: string;
}

/** Every slot by its path. Options beside `use` belong to the chosen plugin, nested slots apart. */
export const SLOTS = Object.freeze({
  backend: { hook: 'resolveBackend', prefix: 'backend-', what: 'a tensor backend' },
  data: { hook: 'resolveData', prefix: 'data-', what: 'a data set' },
  teacher: { hook: 'resolveTeacher', prefix: 'teacher-', what: 'a teacher' },
  partition: { hook: 'resolvePartition', prefix: 'partition-', what: 'a partition rule' },
  space: { hook: 'resolveSpace', prefix: 'space-', what: 'a search space' },
  supernet: { hook: 'resolveSupernet', prefix: 'supernet-', what: 'a supernet' },
  'supernet.sampler': {
    hook: 'resolveSampler',
    prefix: 'sampler-',
    what: 'a path sampler',
    broughtBy: 'supernet',
  },
  distill: { hook: 'resolveDistill', prefix: 'distill-', what: 'a distillation' },
  'distill.step': { hook: 'resolveStep', prefix: 'step-', what: 'a training step', broughtBy: 'distill' },
  'distill.loss': { hook: 'resolveLoss', prefix: 'loss-', what: 'a loss' },
  'distill.optimiser': { hook: 'resolveOptimiser', prefix: 'optimiser-', what: 'an optimiser' },
  'distill.learningRate': { hook: 'resolveSchedule', prefix: 'schedule-', what: 'a learning-rate schedule' },
  rank: { hook: 'resolveRank', prefix: 'rank-', what: 'a ranking' },
  'rank.rating': {
    hook: 'resolveRating',
    prefix: 'rating-',
    what: 'a rating',
    default: 'relative-l1',
  },
  search: { hook: 'resolveSearch', prefix: 'search-', what: 'a search' },
  'search.scale': { hook: 'resolveScale', prefix: 'scale-', what: 'a scale of ratings', default: 'blocks' },
  retrain: { hook: 'resolveRetrain', prefix: 'retrain-', what: 'a retraining' },
  'retrain.optimiser': { hook: 'resolveOptimiser', prefix: 'optimiser-', what: 'an optimiser' },
  'retrain.learningRate': { hook: 'resolveSchedule', prefix: 'schedule-', what: 'a learning-rate schedule' },
  launcher: { hook: 'resolveLauncher', prefix: 'launcher-', what: 'a launcher', optional: true },
} satisfies Record<string, Slot>);

export type SlotPath = keyof typeof SLOTS;

/** The list slot: reports are all applied, in order. */
export const REPORTS = { path: 'reports', prefix: 'report-', what: 'a report' } as const;

/** Hooks by which data, teacher, space and the blocks of both are had: for who describes a run without computing. */
export const INPUT_HOOKS = Object.freeze([
  ...(['resolveData', 'data', 'augmentations', 'resolveTeacher', 'teacher'] as const),
  ...(['resolveSpace', 'space', 'resolvePartition', 'partition', 'blocks'] as const),
]);
