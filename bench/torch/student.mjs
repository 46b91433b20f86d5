// The student and teacher of a distillation step by a run's own plugins: our side of step.mjs, and of the check of a GPU.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream } from 'dna-nas/core';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { tf } from 'dna-nas/nn';
import { boundariesOf, boundaryFeatures } from 'dna-nas/nn/features';
import { loadStateDict } from 'dna-nas/nn/weights';
import { openRun } from './open-run.mjs';

const { space: SPACE, paths: PATHS } = JSON.parse(readFileSync(join(import.meta.dirname, 'paths.json')));
const LEARNING_RATE = 1e-3;
/** Values that are drawn; a batch repeats them, shifted from image to image, as this is prime. */
const DRAWN_PIXELS = 1_000_003;

/** What the run's configuration would say. */
function configuration(teacher) {
  return {
    backend: 'torch',
    data: 'synthetic',
    teacher: { use: 'efficientnet', ...teacher },
    partition: 'resolution',
    space: { use: 'mbconv', ...SPACE },
    supernet: 'multi-cell',
    distill: {
      use: 'blockwise',
      loss: 'feature-mse',
      optimiser: { use: 'adam', weightDecay: 0 },
      learningRate: { use: 'constant', rate: LEARNING_RATE },
    },
  };
}

/** Teacher, cells, their steps and a batch of images, as distill-blockwise opens them. */
export class Student {
  /**
   * @param {object} options
   * @param {string} [options.folder] weights and images that step.py --prepare wrote; drawn here without it
   * @param {object} options.teacher options of the teacher's plugin, without its weights
   * @param {number} [options.batch] images, where they are drawn here
   * @param {string[]} options.set settings as of `dna run`
   */
  static async open({ folder, teacher, batch, set }) {
    const student = new Student();
    const weights = folder ? 'teacher.safetensors' : 'untrained';
    const { run, backend } = await openRun(configuration({ ...teacher, weights }), { folder, set });
    student.backend = backend;
    student.space = await run.resolve('resolveSpace', 'space');
    const source = await run.resolve('resolveTeacher', 'teacher');
    student.teacher = await source.load();
    const partition = await run.resolve('resolvePartition', 'partition');
    const { description } = student.teacher;
    const image = description.input;
    student.blocks = partition({ teacher: description, image, blocks: student.space.blocks });
    student.features = boundariesOf(student.blocks);
    student.useImages(folder ? readTensors(folder, 'images').get('images') : drawImages(image, batch));
    await student.#openCells(run, folder);
    return student;
  }

  /** Steps are made with these from now on; [n, h, w, c]. */
  useImages({ data, shape }) {
    this.images?.dispose();
    this.images = undefined;
    this.pixels = { data, shape };
  }

  /** Likewise so many images that are drawn here. */
  useBatch(batch) {
    this.useImages(drawImages(this.teacher.description.input, batch));
  }

  async #openCells(run, folder) {
    const supernet = await run.resolve('resolveSupernet', 'supernet');
    const createStep = await run.resolve('resolveStep', 'distill');
    const loss = await run.resolve('resolveLoss', 'distill.loss');
    const createOptimiser = await run.resolve('resolveOptimiser', 'distill.optimiser');
    this.cells = this.blocks.map((block) => {
      const cell = supernet.createCell({ space: this.space, block, cell: 0 });
      const name = `cell-${block.index + 1}`;
      if (folder) loadStateDict(cell, readTensors(folder, name));
      else cell.initialise(randomStream('torch bench').fork(name));
      return cell;
    });
    this.steps = this.cells.map((cell, block) =>
      createStep({
        cell,
        loss,
        sampler: ({ draw }) => PATHS[draw % PATHS.length][block],
        optimiser: createOptimiser(),
        learningRate: () => LEARNING_RATE,
        pathsPerStep: 1,
        random: randomStream('torch bench'),
      }),
    );
  }

  /**
   * Seconds of a step along a path of the table, and its losses; the last update is read, as it may be under way.
   * @param {{ path: number, upload?: boolean }} request `upload`: the images come from the host, as in a run
   */
  async step({ path, upload = false }) {
    if (!upload) this.images ??= tf.keep(this.#upload());
    const began = performance.now();
    const { boundaries, input, target } = this.features;
    const images = upload ? this.#upload() : this.images;
    let maps;
    try {
      maps = boundaryFeatures(this.teacher, boundaries, images);
    } finally {
      if (upload) images.dispose();
    }
    const losses = [];
    try {
      for (const [block, step] of this.steps.entries()) {
        losses.push(await step({ input: maps[input[block]], target: maps[target[block]] }, path));
      }
    } finally {
      tf.dispose(maps);
    }
    this.#awaitDevice(path);
    return { seconds: (performance.now() - began) / 1000, losses };
  }

  #upload() {
    return tf.tensor4d(this.pixels.data, this.pixels.shape);
  }

  #awaitDevice(path) {
    const tensors = [
      ...this.cells
        .at(-1)
        .pathTensors(PATHS[path % PATHS.length].at(-1))
        .values(),
    ];
    const smallest = tensors.reduce((least, tensor) => (tensor.size < least.size ? tensor : least));
    smallest.value.dataSync();
  }

  /** Seconds of the teacher's pass alone. */
  teach() {
    this.images ??= tf.keep(this.#upload());
    const began = performance.now();
    const maps = boundaryFeatures(this.teacher, this.features.boundaries, this.images);
    tf.tidy(() => void tf.sum(maps.at(-1)).dataSync());
    tf.dispose(maps);
    return { seconds: (performance.now() - began) / 1000 };
  }

  /** Parameters and multiply-adds of an image: the teacher's with its head, the cells' along the path. */
  count({ path }) {
    return {
      teacherMacs: this.teacher.description.macs,
      macs: this.blocks.map((block) => this.#pathMacs(block, PATHS[path][block.index])),
      parameters: this.cells.map((cell, block) => parameters(cell.pathTensors(PATHS[path][block]))),
    };
  }

  #pathMacs(block, path) {
    const { channels } = this.space.blocks[block.index].cells[0];
    let shape = block.input;
    let macs = 0;
    const pass = (module) => {
      const cost = module.cost(shape);
      macs += cost.macs;
      shape = cost.output;
    };
    const entrance = this.space.createEntrance(block.index, block.input);
    if (entrance) pass(entrance);
    for (const [layer, operation] of path.entries()) {
      const at = { block: block.index, cell: 0, layer };
      const outputChannels = layer === path.length - 1 ? block.output.channels : channels;
      const io = { inputChannels: shape.channels, outputChannels };
      pass(this.space.createOperation(at, operation, io));
    }
    return macs;
  }
}

/** Normal values, NHWC. */
function drawImages({ height, width, channels }, batch) {
  const draws = randomStream('torch bench').fork('images');
  const drawn = Float32Array.from({ length: DRAWN_PIXELS }, () => draws.normal());
  const size = batch * height * width * channels;
  const data = new Float32Array(new SharedArrayBuffer(4 * size));
  for (let at = 0; at < size; at += drawn.length) data.set(drawn.subarray(0, size - at), at);
  return { data, shape: [batch, height, width, channels] };
}

function readTensors(folder, name) {
  return toStateDict(readSafetensors(readFileSync(join(folder, `${name}.safetensors`))));
}

function parameters(tensors) {
  const sizes = [...tensors.values()].map(({ role, size }) => (role === 'parameter' ? size : 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}
