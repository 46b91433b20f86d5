// Where the method is, and the tests that hold it: in the order in which they are run, the quick ones first.

/** Each option's default and limits stand in what the build has written down of the plugins. */
const OPTIONS = 'test/core/definitions.test.ts';
const WHOLE_RUN = 'test/whole-run/wasm.test.ts';
const DISTILL = ['test/wiring/distill.test.ts', 'test/wiring/progressive.test.ts'];
const RANK = ['rank', 'answers', 'fine-tuning', 'stopped-rating'].map(
  (name) => `test/wiring/${name}.test.ts`,
);

export const AREAS = {
  'plugins/distill': [
    'test/plugins/cell-chain.test.ts',
    'test/plugins/feature-ring.test.ts',
    'test/plugins/single-path-step.test.ts',
    ...DISTILL,
    WHOLE_RUN,
    RANK[0],
    OPTIONS,
    ...[
      'core/plan',
      'core/plan-time',
      'faults/inline',
      'run/ledger',
      'run/run',
      'run/strategies',
      'run/out-of-memory',
    ].map((name) => `test/${name}.test.ts`),
  ],
  'plugins/rank-candidates': [
    'test/plugins/path-tree.test.ts',
    'test/plugins/path-calibration.test.ts',
    'test/report/features.test.ts',
    ...RANK,
    WHOLE_RUN,
    DISTILL[1],
    OPTIONS,
    ...['core/plan', 'run/report-run', 'run/distillation-told', 'wiring/work', 'run/strategies'].map(
      (name) => `test/${name}.test.ts`,
    ),
  ],
  'plugins/retrain-scratch': [
    ...['measures', 'comparisons', 'recipes', 'forecast', 'against-pytorch'].map(
      (name) => `test/retrain/${name}.test.ts`,
    ),
    OPTIONS,
    WHOLE_RUN,
    'test/wiring/retrain.test.ts',
    'test/core/plan.test.ts',
    'test/retrain',
    'test/run/out-of-memory.test.ts',
    'test/audit/truth.test.ts',
  ],
  'plugins/search-exact': [
    ...['order', 'contract', 'large-fronts', 'highs', 'brute-force', 'consistency', 'networks'].map(
      (name) => `test/search-exact/${name}.test.ts`,
    ),
    'test/search-exact',
    'test/latency/new-run.test.ts',
    'test/cli/search.test.ts',
    OPTIONS,
  ],
  'plugins/supernet-multi-cell': [
    'test/plugins/path-samplers.test.ts',
    'test/plugins/supernet-multi-cell.test.ts',
    OPTIONS,
    ...DISTILL,
    WHOLE_RUN,
    'test/core/plan.test.ts',
  ],
  'plugins/data-imagenet': [
    ...['folders', 'pixels', 'shards', 'augmentations', 'reading', 'limits', 'run'].map(
      (name) => `test/data-imagenet/${name}.test.ts`,
    ),
    'test/data-imagenet',
    'test/options/augment.test.ts',
    'test/hostile/images.test.ts',
    OPTIONS,
  ],
  'core/random': ['test/core/random.test.ts', 'test/core/order.test.ts', WHOLE_RUN],
};
