// Where the method is, and the tests that hold it: the quick ones that assert the most come first.

/** Each option's default and limits stand in the pages that are made of them. */
const OPTIONS = 'test/repository/reference-pages.test.ts';
const WHOLE_RUN = 'test/whole-run/wasm.test.ts';
const WIRING = ['test/wiring/distill.test.ts', 'test/wiring/rank.test.ts', 'test/wiring/progressive.test.ts'];

export const AREAS = {
  'nn/distill': [
    ...WIRING,
    WHOLE_RUN,
    'test/plugins/cell-chain.test.ts',
    'test/plugins/single-path-step.test.ts',
    OPTIONS,
    'test/run/strategies.test.ts',
  ],
  'plugins/rank-candidates': [
    ...WIRING.slice(1),
    'test/wiring/answers.test.ts',
    'test/wiring/fine-tuning.test.ts',
    WHOLE_RUN,
    'test/report/features.test.ts',
    OPTIONS,
    'test/core/plan.test.ts',
  ],
  'plugins/retrain-scratch': ['test/wiring/retrain.test.ts', WHOLE_RUN, OPTIONS, 'test/retrain'],
  'plugins/search-exact': ['test/search-exact', OPTIONS],
  'plugins/supernet-multi-cell': [
    'test/plugins/supernet-multi-cell.test.ts',
    'test/wiring/distill.test.ts',
    OPTIONS,
  ],
  'plugins/data-imagenet': ['test/data-imagenet', 'test/options/augment.test.ts', OPTIONS],
  'core/random': ['test/core/random.test.ts'],
};
