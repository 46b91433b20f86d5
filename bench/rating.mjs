// Rating all candidates with shared prefixes against every path alone, one worker: node bench/rating.mjs [--json]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { interleave, median, medianRatio, runAlone } from './measure.mjs';
import { QuickstartProject, withoutFolders } from './quickstart-project.mjs';

const PAIRS = 2;
/** A few steps: what a weight is does not change the time of rating it. */
const TRAINED = 'distill.epochs=0.005';

/** The paper's six operations in one cell of four layers, 1,296 paths; the other blocks are as small as can be. */
const LARGE_CELL = [
  'space.kernels=[3, 5, 7]',
  'space.expansions=[3, 6]',
  'space.blocks=[{stride: 2, cells: [{layers: 1, channels: 16}]}, {stride: 1, cells: [{layers: 1, channels: 32}]}, ' +
    '{stride: 2, cells: [{layers: 4, channels: 48}]}]',
  'search.limits={}',
  'rank.batch=32',
  'rank.batches=1',
];

const SPACES = {
  "quickstart's space": [],
  'cell of 4 layers with 6 operations': LARGE_CELL,
};

/** Measures the rank stage with and without sharing, and that every rating is the same. */
export async function benchRating() {
  const project = await QuickstartProject.open();
  const figures = [];
  const runs = {};
  try {
    for (const [name, settings] of Object.entries(SPACES)) {
      const side = (shared) => () =>
        project.run({ until: 'rank', set: [TRAINED, ...settings, `rank.sharePrefixes=${shared}`] });
      const measured = await interleave({ shared: side(true), alone: side(false) }, PAIRS);
      figures.push(...figuresOf(name, measured));
      runs[name] = withoutFolders(measured);
    }
    return { bench: 'rating', teacher: project.teacher, figures, runs };
  } finally {
    project.close();
  }
}

function figuresOf(name, { shared, alone }) {
  const seconds = (runs) => median(runs.map((run) => run.seconds)).toFixed(2);
  const [first, ...others] = [...shared, ...alone].map(ratings);
  const equal = others.every((other) => isDeepStrictEqual(other, first));
  const count = first.cells.reduce((sum, { values }) => sum + values.length, 0);
  return [
    {
      what: `rating, ${name}: speedup by shared prefixes`,
      value: medianRatio(alone, shared),
      unit: '×',
      detail: `${seconds(shared)} s shared, ${seconds(alone)} s alone; ${layerRatio(first.cells).toFixed(2)} × fewer layers run`,
    },
    {
      what: `rating, ${name}: all ${count} ratings equal`,
      value: equal,
      unit: '',
      target: { exactly: true },
    },
  ];
}

function ratings({ folder }) {
  return JSON.parse(readFileSync(join(folder, 'ratings.json'), 'utf8'));
}

/** Layers that all paths of the cells have, against nodes of their trees of prefixes. */
function layerRatio(cells) {
  let layers = 0;
  let nodes = 0;
  for (const { choices } of cells) {
    const widths = choices.map((_, depth) =>
      choices.slice(0, depth + 1).reduce((product, n) => product * n, 1),
    );
    layers += widths.at(-1) * choices.length;
    nodes += widths.reduce((sum, width) => sum + width, 0);
  }
  return layers / nodes;
}

await runAlone(import.meta.url, benchRating);
