// Times the exact search on the paper's 16-cell space with random ratings: `node bench/search.mjs [--json] [part of a name]`.
// `--against FILE`, the plugin's index.js of another build: both in this process, in turn, and the median of the quotients.
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { randomStream } from 'dna-nas/core';
import * as ours from 'dna-nas/plugins/search-exact';

/** Layers × channels of each block's cells, and the stride of the block's first layer. */
const BLOCKS = [
  {
    stride: 2,
    cells: [
      [2, 24],
      [3, 24],
      [2, 32],
    ],
  },
  {
    stride: 2,
    cells: [
      [2, 40],
      [3, 40],
      [4, 40],
    ],
  },
  {
    stride: 2,
    cells: [
      [2, 80],
      [3, 80],
      [4, 80],
    ],
  },
  {
    stride: 1,
    cells: [
      [3, 112],
      [4, 112],
      [4, 96],
    ],
  },
  {
    stride: 2,
    cells: [
      [4, 192],
      [5, 192],
      [5, 160],
    ],
  },
  { stride: 1, cells: [[1, 320]] },
];
const OPERATIONS = [3, 6].flatMap((expansion) => [3, 5, 7].map((kernel) => ({ expansion, kernel })));
const CLASSES = 1000;

/** Multiply-adds and parameters of one MBConv with squeeze-excite on a `size`² input. */
function priceLayer({ expansion, kernel }, { input, output, stride, size }) {
  const hidden = input * expansion;
  const squeezed = Math.max(1, Math.floor(input * 0.25));
  const after = (size / stride) ** 2;
  const excite = 2 * hidden * squeezed;
  const convolutions = hidden * kernel * kernel + hidden * output;
  return {
    macs: size * size * input * hidden + after * convolutions + excite,
    params: input * hidden + convolutions + excite + hidden + squeezed + 2 * (2 * hidden + output),
  };
}

/** All paths of a cell in one list, costs for each input width: the layers after the first do not depend on it. */
function pricePaths([layers, channels], { stride, size, inputs }) {
  const inner = { input: channels, output: channels, stride: 1, size: size / stride };
  return inputs.map((input) => {
    let paths = [{ macs: 0, params: 0 }];
    for (let layer = 0; layer < layers; layer++) {
      const shape = layer === 0 ? { input, output: channels, stride, size } : inner;
      const prices = OPERATIONS.map((operation) => priceLayer(operation, shape));
      paths = paths.flatMap((path) =>
        prices.map((price) => ({ macs: path.macs + price.macs, params: path.params + price.params })),
      );
    }
    return paths;
  });
}

function paperProblem(seed, model) {
  const random = randomStream(seed);
  let inputs = [16];
  let size = 112;
  const blocks = BLOCKS.map(({ stride, cells }) => {
    const widths = [...new Set(cells.map(([, channels]) => channels))];
    const priced = cells.map((cell) => pricePaths(cell, { stride, size, inputs }));
    const output = cells.flatMap(([, channels], cell) => priced[cell][0].map(() => widths.indexOf(channels)));
    const costs = inputs.map((_, state) =>
      Float64Array.from(priced.flatMap((cell) => cell[state].flatMap(({ macs, params }) => [macs, params]))),
    );
    const most = costs[0].reduce(
      (largest, value, index) => (index % 2 ? Math.max(largest, value) : largest),
      0,
    );
    const ratings = Float64Array.from(output, (_, candidate) => {
      return model(random.uniform(), costs[0][2 * candidate + 1] / most);
    });
    inputs = widths;
    size /= stride;
    return { states: widths.length, output: Uint16Array.from(output), ratings, costs };
  });
  const stem = {
    macs: 112 ** 2 * 27 * 32 + 112 ** 2 * (32 * 9 + 32 * 16) + 512,
    params: 27 * 32 + 64 + 1448,
  };
  const final = inputs.map((width) =>
    Float64Array.of(
      size ** 2 * width * 1280 + 1280 * CLASSES,
      width * 1280 + 2560 + 1280 * CLASSES + CLASSES,
    ),
  );
  return { costNames: ['macs', 'params'], fixed: Float64Array.of(stem.macs, stem.params), blocks, final };
}

const MODELS = {
  /** Ratings that know nothing of size: the unlimited optimum is of middling size. */
  uniform: (noise) => 0.3 + 0.6 * noise,
  /** Larger paths imitate the teacher better, with noise: the limits bind. */
  'size and noise': (noise, size) => 0.3 + 0.3 * noise + 0.3 * (1 - size),
};

function time(action) {
  const start = performance.now();
  const result = action();
  return { milliseconds: performance.now() - start, result };
}

const SEEDS = 5;
const NONE = Number.POSITIVE_INFINITY;
const LIMITS = [385_814_752, 5_288_548];
const CASES = {
  'optimum, no limit': ({ solve }, problem) => solve(problem, [NONE, NONE]),
  'optimum, params': ({ solve }, problem) => solve(problem, [NONE, LIMITS[1]]),
  'optimum, macs and params': ({ solve }, problem) => solve(problem, LIMITS),
  'optimum, tight': ({ solve }, problem) => solve(problem, [280e6, 4.2e6]),
  'top 10, macs and params': ({ topK }, problem) => topK(problem, LIMITS, 10),
  'top 100, macs and params': ({ topK }, problem) => topK(problem, LIMITS, 100),
  'impossible limit': ({ smallestCosts, solve }, problem) =>
    solve(problem, [smallestCosts(problem)[0] * 0.9, LIMITS[1]]),
  'limits possible? (no ratings)': ({ whyImpossible }, problem) => whyImpossible(problem, LIMITS) ?? 'yes',
  'front: rating, macs': ({ paretoFront }, problem) => paretoFront(problem, [NONE, NONE], [0]),
  'front: rating, params': ({ paretoFront }, problem) => paretoFront(problem, [NONE, NONE], [1]),
  'front: rating, macs; params limited': ({ paretoFront }, problem) =>
    paretoFront(problem, [NONE, LIMITS[1]], [0]),
  'front: rating, macs, params; both limited': ({ paretoFront }, problem) =>
    paretoFront(problem, LIMITS, [0, 1]),
  'front: rating, macs, params': ({ paretoFront }, problem) => paretoFront(problem, [NONE, NONE], [0, 1]),
};

function size(result) {
  if (typeof result === 'string') return result;
  return Array.isArray(result) ? result.length : result.feasible ? result.labels : result.reason;
}

function attempt(name, solver, problem) {
  try {
    return time(() => CASES[name](solver, problem));
  } catch (error) {
    return { milliseconds: Number.NaN, result: `${error.name}: ${error.message}` };
  }
}

/** Both builds on one problem, the other one first where `turned`; they must answer alike. */
function compare(name, problem, turned) {
  const solvers = turned ? [theirs, ours] : [ours, theirs];
  const [first, second] = solvers.map((solver) => attempt(name, solver, problem));
  if (networksOf(first.result) !== networksOf(second.result))
    throw new Error(`${name}: the two builds answer differently.`);
  return turned ? { own: second, other: first } : { own: first, other: second };
}

function networksOf(result) {
  return JSON.stringify([result].flat().map((one) => one.candidates ?? one));
}

function measure(name, problems) {
  const pairs = problems.map((problem, index) =>
    theirs ? compare(name, problem, index % 2 === 1) : { own: attempt(name, ours, problem) },
  );
  const runs = pairs.map(({ own }) => own);
  const sorted = runs.map((run) => run.milliseconds).sort((a, b) => a - b);
  return {
    name,
    first: runs[0].milliseconds,
    median: median(sorted),
    most: sorted.at(-1),
    sizes: runs.map((run) => size(run.result)),
    ...(theirs && {
      other: median(pairs.map(({ other }) => other.milliseconds)),
      quotient: median(pairs.map(({ own, other }) => own.milliseconds / other.milliseconds)),
    }),
  };
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

const words = process.argv.slice(2);
const against = words.includes('--against') ? words.splice(words.indexOf('--against'), 2)[1] : undefined;
const theirs = against && (await import(pathToFileURL(resolve(against)).href));
const filter = words.find((argument) => !argument.startsWith('--')) ?? '';
const machine = { node: process.version, cpu: cpus()[0].model };
const results = [];
for (const [model, rate] of Object.entries(MODELS)) {
  const problems = Array.from({ length: SEEDS }, (_, seed) => paperProblem(seed, rate));
  const columns = theirs ? '; the other build and the quotient' : '';
  console.error(
    `\nRatings: ${model}; ${SEEDS} seeds; milliseconds of the first, the median, the longest${columns}; size`,
  );
  for (const name of Object.keys(CASES).filter((name) => name.includes(filter))) {
    const result = { model, ...measure(name, problems) };
    results.push(result);
    const figures = [result.first, result.median, result.most, ...(theirs ? [result.other] : [])]
      .map((value) => value.toFixed(1).padStart(10))
      .join('');
    const quotient = theirs ? `${result.quotient.toFixed(2).padStart(7)} ×` : '';
    console.error(`${name.padEnd(44)}${figures}${quotient}   ${result.sizes.join(' ')}`);
  }
}
if (process.argv.includes('--json'))
  console.log(JSON.stringify({ machine, limits: LIMITS, results }, null, 2));
