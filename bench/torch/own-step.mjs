// Our side of step.mjs: the steps of a run's distillation by its own plugins, asked for over stdin.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomStream, readSafetensors, toStateDict } from 'dna-nas/core';
import { boundariesOf, boundaryFeatures, loadStateDict, tf } from 'dna-nas/nn';
import { serve } from './child.mjs';
import { openRun, readOwnOptions, torchVersion } from './open-run.mjs';
import { Profile } from './profile.mjs';

const { space: SPACE, paths: PATHS } = JSON.parse(readFileSync(join(import.meta.dirname, 'paths.json')));
const LEARNING_RATE = 1e-3;
const PROFILED_STEPS = 6;

/** What the run's configuration would say; weights and images are those that step.py --prepare wrote. */
function configuration(teacher) {
  return {
    backend: 'torch',
    data: 'synthetic',
    teacher: { use: 'efficientnet', architecture: teacher, weights: 'teacher.safetensors' },
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
class Student {
  static async open({ folder, teacher, set }) {
    const student = new Student();
    const { run, backend } = await openRun(configuration(teacher), { folder, set });
    student.backend = backend;
    student.space = await run.resolve('resolveSpace', 'space');
    const source = await run.resolve('resolveTeacher', 'teacher');
    student.teacher = await source.load();
    const partition = await run.resolve('resolvePartition', 'partition');
    const { description } = student.teacher;
    const image = description.input;
    student.blocks = partition({ teacher: description, image, blocks: student.space.blocks });
    student.features = boundariesOf(student.blocks);
    student.images = tf.keep(readImages(folder));
    await student.#openCells(run, folder);
    return student;
  }

  async #openCells(run, folder) {
    const supernet = await run.resolve('resolveSupernet', 'supernet');
    const createStep = await run.resolve('resolveStep', 'distill');
    const loss = await run.resolve('resolveLoss', 'distill.loss');
    const createOptimiser = await run.resolve('resolveOptimiser', 'distill.optimiser');
    this.cells = this.blocks.map((block) => {
      const cell = supernet.createCell({ space: this.space, block, cell: 0 });
      loadStateDict(cell, readTensors(folder, `cell-${block.index + 1}`));
      return cell;
    });
    this.steps = this.cells.map((cell, block) =>
      createStep({
        cell,
        loss,
        sampler: ({ draw }) => PATHS[draw][block],
        optimiser: createOptimiser(),
        learningRate: () => LEARNING_RATE,
        pathsPerStep: 1,
        random: randomStream('torch bench'),
      }),
    );
  }

  /** Seconds of a step along a path of the table, and its losses; the last update is read, as it may be under way. */
  async step({ path }) {
    const began = performance.now();
    const { boundaries, input, target } = this.features;
    const maps = boundaryFeatures(this.teacher, boundaries, this.images);
    const losses = [];
    for (const [block, step] of this.steps.entries()) {
      losses.push(await step({ input: maps[input[block]], target: maps[target[block]] }, path));
    }
    tf.dispose(maps);
    this.#awaitDevice(path);
    return { seconds: (performance.now() - began) / 1000, losses };
  }

  #awaitDevice(path) {
    const tensors = [...this.cells.at(-1).pathTensors(PATHS[path].at(-1)).values()];
    const smallest = tensors.reduce((least, tensor) => (tensor.size < least.size ? tensor : least));
    smallest.value.dataSync();
  }

  /** Seconds of the teacher's pass alone. */
  teach() {
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

  /** Milliseconds of a step by kernel. */
  async profile({ shapes }) {
    const profile = new Profile({ shapes });
    // What was recorded calls the kernels as they were before: recorded again, it calls the profile's.
    for (const step of this.steps) step.dispose?.();
    return profile.measure((index) => this.step({ path: index % PATHS.length }), PROFILED_STEPS);
  }
}

function readTensors(folder, name) {
  return toStateDict(readSafetensors(readFileSync(join(folder, `${name}.safetensors`))));
}

function readImages(folder) {
  const { data, shape } = readTensors(folder, 'images').get('images');
  return tf.tensor4d(data, shape);
}

function parameters(tensors) {
  const sizes = [...tensors.values()].map(({ role, size }) => (role === 'parameter' ? size : 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}

await serve(async () => {
  const student = await Student.open(readOwnOptions());
  return {
    step: (request) => student.step(request),
    teach: () => student.teach(),
    count: (request) => student.count(request),
    profile: (request) => student.profile(request),
    describe: () => ({ ...student.backend, torch: torchVersion() }),
  };
});
