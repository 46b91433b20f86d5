import { type RandomStream, randomStream } from 'dna-nas/core';
import type {
  Architecture,
  Costs,
  FeatureShape,
  Network,
  NetworkOptions,
  SearchSpace,
} from 'dna-nas/core/contracts';
import { EVALUATE, tf } from 'dna-nas/nn';
import { type Check, demand } from '../check.js';
import { countMultiplyAdds } from '../count-multiply-adds.js';
import { drawTensor, requireEqual, requireFinite, requireNoLeak, requireShape } from '../tensors.js';
import { canonicalCheck, depthCheck } from './equal-networks.js';

/** An image of odd sizes: what is rounded in another direction shows. */
const NETWORK: NetworkOptions = { image: { height: 36, width: 34, channels: 3 }, classes: 5 };
/** Networks that are priced, and those that are built with values, which takes longer. */
const PRICED = 20;
const BUILT = 2;

/** A search space: what it says about an architecture is true of the network that it builds. */
export function spaceChecks(space: SearchSpace): Check[] {
  const drawn = (count: number) =>
    Array.from({ length: count }, (_, index) => drawArchitecture(space, randomStream('space').fork(index)));
  const each = (count: number, work: (architecture: Architecture) => void) => () =>
    drawn(count).forEach(work);
  return [
    {
      name: 'has blocks of cells of layers of operations',
      fix: 'Give every block a cell, every cell a layer, and every layer an operation to choose.',
      run: () => checkTable(space),
    },
    {
      name: 'reads the architectures that it writes',
      fix: 'Make parseArchitecture the inverse of formatArchitecture.',
      run: each(PRICED, (architecture) => checkText(space, architecture)),
    },
    {
      name: 'prices what is counted on the assembled network',
      fix: 'Let priceBlock and priceHead sum the `cost` of the modules that createNetwork puts together.',
      run: each(PRICED, (architecture) => checkPrice(space, architecture)),
    },
    ...canonicalCheck(space, drawn(PRICED), (architecture) => sumPrices(space, architecture)),
    ...depthCheck(space, drawn(PRICED)),
    {
      name: 'counts the multiply-adds and parameters that a running network has',
      fix: 'Correct `trace` of the module: multiply-adds of its convolutions and linear layers, one image; parameters are counted by themselves.',
      run: each(BUILT, (architecture) => checkCost(space, architecture)),
    },
    {
      name: 'builds networks from images to finite logits',
      fix: 'Check strides, padding and the head: the output is [images, classes].',
      run: each(BUILT, (architecture) => void logitsOf(space, architecture)),
    },
    {
      name: 'builds the same network from the same stream twice',
      fix: 'Draw initial values from the stream that is given, never from Math.random.',
      run: each(BUILT, (architecture) =>
        requireEqual('a logit', logitsOf(space, architecture), logitsOf(space, architecture)),
      ),
    },
    {
      name: 'makes supernet operations that keep to the shapes asked for',
      fix: 'Put out outputChannels whatever the operation, and make all operations of a layer keep one size.',
      run: () => checkOperations(space),
    },
    {
      name: 'leaves no tensor behind',
      fix: 'Wrap forward in tf.tidy, and declare tensors by this.parameter and this.buffer alone.',
      run: () => checkLeaks(space, drawn(1)[0]!),
    },
  ];
}

/** A uniformly drawn network of a space. */
function drawArchitecture(space: SearchSpace, random: RandomStream): Architecture {
  return space.blocks.map(({ cells }) => {
    const cell = random.integer(cells.length);
    return { cell, path: cells[cell]!.layers.map((operations) => random.integer(operations.length)) };
  });
}

function checkTable({ blocks }: SearchSpace): void {
  demand(blocks.length > 0, () => 'it has no blocks');
  for (const [index, { cells, stride }] of blocks.entries()) {
    const where = `block ${index + 1}`;
    demand(Number.isInteger(stride) && stride > 0, () => `the stride of ${where} is ${stride}`);
    demand(cells.length > 0, () => `${where} has no cells`);
    for (const { layers, channels } of cells) {
      demand(channels > 0, () => `a cell of ${where} has ${channels} channels`);
      demand(layers.length > 0, () => `a cell of ${where} has no layers`);
      demand(
        layers.every((names) => names.length > 0),
        () => `a layer of ${where} has no operations`,
      );
    }
  }
}

function checkText(space: SearchSpace, architecture: Architecture): void {
  const text = space.formatArchitecture(architecture);
  const [written, read] = [architecture, space.parseArchitecture(text)].map((one) => JSON.stringify(one));
  demand(!text.includes('\n'), () => `${JSON.stringify(text)} is more than one line`);
  demand(written === read, () => `"${text}" is written for ${written} and read as ${read}`);
}

function checkPrice(space: SearchSpace, architecture: Architecture): void {
  const priced = sumPrices(space, architecture);
  const counted = space.createNetwork(architecture, NETWORK).cost(NETWORK.image);
  for (const name of ['macs', 'params'] as const) {
    demand(
      priced[name] === counted[name],
      () =>
        `${space.formatArchitecture(architecture)} is priced at ${priced[name]} ${name}, and its network counts ${counted[name]}`,
    );
  }
}

function sumPrices(space: SearchSpace, architecture: Architecture): Costs {
  let shape: FeatureShape = NETWORK.image;
  const sum = { macs: 0, params: 0 };
  const add = (costs: Costs) => {
    sum.macs += costs.macs ?? Number.NaN;
    sum.params += costs.params ?? Number.NaN;
  };
  for (const [block, choice] of architecture.entries()) {
    const { output, costs } = space.priceBlock(block, choice, shape);
    shape = output;
    add(costs);
  }
  add(space.priceHead(shape, NETWORK.classes));
  return sum;
}

function withNetwork<Result>(
  space: SearchSpace,
  architecture: Architecture,
  work: (network: Network, images: tf.Tensor) => Result,
): Result {
  const network = space.createNetwork(architecture, NETWORK).initialise(randomStream('values'));
  const { height, width, channels } = NETWORK.image;
  const images = drawTensor(randomStream('images'), [1, height, width, channels]);
  try {
    return work(network, images);
  } finally {
    images.dispose();
    network.dispose();
  }
}

function logitsOf(space: SearchSpace, architecture: Architecture): ArrayLike<number> {
  return withNetwork(space, architecture, (network, images) => {
    const logits = network.forward(images, EVALUATE);
    const values = logits.dataSync();
    logits.dispose();
    requireShape('its output', logits.shape, [1, NETWORK.classes]);
    requireFinite('its output', values);
    return values;
  });
}

function checkCost(space: SearchSpace, architecture: Architecture): void {
  withNetwork(space, architecture, (network, images) => {
    const text = space.formatArchitecture(architecture);
    const { macs, params } = network.cost(NETWORK.image);
    const ran = countMultiplyAdds(() => network.forward(images, EVALUATE));
    demand(ran === macs, () => `${text} says ${macs} multiply-adds and ran ${ran}`);
    const parameters = [...network.tensors().values()].filter(({ role }) => role === 'parameter');
    const held = parameters.reduce((sum, { size }) => sum + size, 0);
    demand(held === params, () => `${text} says ${params} parameters and holds ${held}`);
  });
}

/** One layer of each block, all of its operations: shape and a gradient to the input. */
function checkOperations(space: SearchSpace): void {
  for (const [block, { cells }] of space.blocks.entries()) {
    const io = { inputChannels: 6, outputChannels: 6 };
    const sizes = cells[0]!.layers[0]!.map((name, operation) => {
      const module = space.createOperation({ block, cell: 0, layer: 0 }, operation, io);
      const { output } = module.cost({ height: 9, width: 8, channels: io.inputChannels });
      const found = runOperation(module.initialise(randomStream('operation')), io.inputChannels);
      requireShape(`the output of "${name}" in block ${block + 1}`, found, [
        2,
        output.height,
        output.width,
        io.outputChannels,
      ]);
      return found.join();
    });
    demand(
      new Set(sizes).size === 1,
      () => `operations of block ${block + 1} put out ${sizes.join(' and ')}`,
    );
  }
}

function runOperation(module: Network, channels: number): number[] {
  const x = drawTensor(randomStream('features'), [2, 9, 8, channels]);
  try {
    return tf.tidy(() => {
      const train = { mode: 'train', random: randomStream('draws') } as const;
      const gradient = tf.grad((input) => tf.sum(module.forward(input, train)))(x);
      requireFinite('the gradient to its input', gradient.dataSync());
      return module.forward(x, EVALUATE).shape;
    });
  } finally {
    x.dispose();
    module.dispose();
  }
}

/** A network may be run inside a tidy; an operation must clear up by itself. */
async function checkLeaks(space: SearchSpace, architecture: Architecture): Promise<void> {
  await requireNoLeak(() => void logitsOf(space, architecture));
  const io = { inputChannels: 6, outputChannels: 6 };
  for (const operation of space.blocks[0]!.cells[0]!.layers[0]!.keys()) {
    const module = space.createOperation({ block: 0, cell: 0, layer: 0 }, operation, io);
    module.initialise(randomStream('operation'));
    const x = drawTensor(randomStream('features'), [2, 9, 8, io.inputChannels]);
    try {
      await requireNoLeak(() => module.forward(x, EVALUATE));
    } finally {
      x.dispose();
      module.dispose();
    }
  }
}
