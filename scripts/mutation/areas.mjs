// Where the method is, and the tests that hold it: the quick ones that assert the most come first.

const WHOLE_RUN = 'test/whole-run/wasm.test.ts';
const WIRING = ['test/wiring/distill.test.ts', 'test/wiring/rank.test.ts', 'test/wiring/progressive.test.ts'];

export const AREAS = {
  'nn/distill': [...WIRING, WHOLE_RUN, 'test/plugins/cell-chain.test.ts', 'test/run/strategies.test.ts'],
  'plugins/rank-candidates': [
    ...WIRING.slice(1),
    WHOLE_RUN,
    'test/report/features.test.ts',
    'test/core/plan.test.ts',
  ],
  'plugins/retrain-scratch': ['test/wiring/retrain.test.ts', WHOLE_RUN, 'test/retrain'],
  'plugins/search-exact': ['test/search-exact'],
  'plugins/supernet-multi-cell': ['test/plugins/supernet-multi-cell.test.ts', 'test/wiring/distill.test.ts'],
  'plugins/data-imagenet': ['test/data-imagenet', 'test/options/augment.test.ts'],
  'core/random': ['test/core/random.test.ts'],
};
