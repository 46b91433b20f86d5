import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigRequest, resolveConfig, run, type UserConfig } from 'dna-nas/configuration';
import { randomStream } from 'dna-nas/core';
import type { StagedNetwork } from 'dna-nas/core/contracts';
import { openStoredRun, openWorld } from 'dna-nas/core/run';
import type { World } from 'dna-nas/core/stages';
import { exportOnnx } from 'dna-nas/export';
import { listLayers } from 'dna-nas/latency';
import { CALIBRATE, tf } from 'dna-nas/nn';
import { planInherited } from 'dna-nas/nn/inherit';
import { loadRawState } from 'dna-nas/nn/weights';
import { planRun, searchRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

/** Cells of other channels than the teacher's, which are 16 behind both blocks; batch norms as the teacher has them. */
const NARROW: UserConfig = {
  ...TINY,
  space: {
    ...(TINY.space as object),
    use: 'mbconv',
    batchNormEpsilon: 1e-3,
    blocks: [
      {
        stride: 2,
        cells: [
          { layers: 1, channels: 8 },
          { layers: 2, channels: 8 },
        ],
      },
      {
        stride: 2,
        cells: [
          { layers: 2, channels: 24 },
          { layers: 1, channels: 24 },
        ],
      },
    ],
  },
};
/** Of the cells of two layers. */
const DEEP =
  'ir_r1_k3_s2_e2_c8_se0.25 ir_r1_k5_s1_e2_c16_se0.25 | ir_r1_k5_s2_e2_c24_se0.25 ir_r1_k3_s1_e2_c16_se0.25';

const RUN = 'runs/tiny';
const TEACHERS = 'space.borders=teacher';
const FREE = 'search.limits={}';

const request = (folder: string, changes: Partial<ConfigRequest>) =>
  tinyRequest(folder, { config: NARROW, ...changes });

let project: string;

beforeAll(async () => {
  project = await tinyProject();
  const set = [TEACHERS, FREE, 'distill.epochs=1'];
  await run(request(project, { set }), { until: 'search', inline: true });
});

const read = (name: string) => JSON.parse(readFileSync(join(project, RUN, `${name}.json`), 'utf8'));
const bordersOf = (values: object) => (values as { space: { borders: unknown } }).space.borders;

async function openTiny() {
  const { folder, run: opened } = await openStoredRun({ folder: join(project, RUN), project });
  await (await opened.resolve('resolveBackend', 'backend')).start({ workers: 1 });
  return { folder, opened };
}

describe('space.borders: teacher', () => {
  it('becomes the channels of the teacher where the blocks end, with the reason', async () => {
    const { values, reasons } = await resolveConfig(request(project, { set: [TEACHERS] }));
    expect(bordersOf(values)).toEqual([16, 16]);
    expect(reasons).toEqual({ 'space.borders': 'the teacher’s channels behind its stages 2, 3' });
    expect(bordersOf(read('config').values)).toEqual([16, 16]);
  });

  it('stays a word where networks are given, whose texts tell their channels', async () => {
    const given = request(project, { set: [TEACHERS], architecture: DEEP });
    expect(bordersOf((await resolveConfig(given)).values)).toBe('teacher');
  });

  it('makes networks whose last layers have them, in text, price and network alike', async () => {
    const { opened } = await openTiny();
    const world = (await openWorld(opened)) as World;
    const { image, classes } = world.data;
    const { best } = read('search');
    const ends = best.text.split('|').map((block: string) => /c(\d+)_se[\d.]+\s*$/.exec(block)![1]);
    expect(ends).toEqual(['16', '16']);
    const found = world.space.createNetwork(world.space.parseArchitecture(best.text), { image, classes });
    const { macs, params } = found.cost(image);
    expect({ macs, params }).toEqual(best.costs);
    const network = world.space.createNetwork(world.space.parseArchitecture(DEEP), { image, classes });
    const shapes = (network as StagedNetwork).stageShapes(image).map(({ channels }) => channels);
    expect(shapes).toEqual([16, 16]);
    await world.dataset.close();
  });

  it('is in the list of layers that a latency table measures', async () => {
    const { opened } = await openTiny();
    const world = (await openWorld(opened)) as World;
    const layers = listLayers(world);
    const channelsOf = (side: number) =>
      new Set(layers.flatMap(({ output: [height, , channels] }) => (height === side ? [channels] : [])));
    expect(channelsOf(4)).toEqual(new Set([8, 16]));
    expect(channelsOf(2)).toEqual(new Set([24, 16]));
    const heads = layers.filter(({ layer }) => layer === 'head');
    expect(heads.map(({ input }) => input)).toEqual([[2, 2, 16]]);
    await world.dataset.close();
  });

  it('is searched again without the teacher', async () => {
    const other = await tinyProject();
    await run(request(other, { set: [TEACHERS, FREE, 'distill.epochs=0.1'] }), {
      until: 'search',
      inline: true,
    });
    rmSync(join(other, 'teacher.safetensors'));
    const { best } = await searchRun({ folder: join(other, RUN), project: other, limits: {}, top: 1 });
    expect(best.text).toBe(JSON.parse(readFileSync(join(other, RUN, 'search.json'), 'utf8')).best.text);
  });
});

describe('a network with the teacher’s borders and inherited weights', () => {
  it('computes what the cells compute one behind the other, and then the teacher’s head', async () => {
    const { folder, opened } = await openTiny();
    const { world, create, text } = await planInherited({
      ...{ folder, run: opened, source: RUN, network: DEEP },
    });
    const network = await create();
    const architecture = world.space.parseArchitecture(text);
    const cells = world.blocks.map((block, index) => {
      const { cell } = architecture[index]!;
      const made = world.supernet.createCell({ space: world.space, block, cell });
      made.initialise(randomStream(7));
      loadRawState(made.tensors(), folder.loadResult(`train-b${index + 1}-c${cell + 1}`)!.tensors);
      return made;
    });
    const head = (await world.teacher()).rest!(world.blocks.at(-1)!.outputStage);
    const { images } = await world.dataset.read('test', [0, 1, 2, 3, 4, 5, 6, 7]);
    const input = () => tf.tensor4d(images, [8, 16, 16, 1]);
    // By the statistics of the batch on both sides, as each calibrates its own.
    const found = tf.tidy(() => [...network.forward(input(), CALIBRATE).dataSync()]);
    const wanted = tf.tidy(() => {
      const map = cells.reduce(
        (x: tf.Tensor, cell, index) => cell.forward(x, architecture[index]!.path, CALIBRATE),
        input(),
      );
      return [...head.forward(map as tf.Tensor4D, CALIBRATE).dataSync()];
    });
    expect(Math.max(...wanted) - Math.min(...wanted)).toBeGreaterThan(0.01);
    found.forEach((value, at) => {
      expect(value).toBeCloseTo(wanted[at]!, 5);
    });
    for (const part of [...cells, head, network]) part.dispose();
    (await world.teacher()).dispose();
    await world.dataset.close();
  });

  it('is exported and evaluated with the same accuracy', async () => {
    const { facts } = await exportOnnx({ source: RUN, project, weights: 'inherited' });
    expect(facts).toMatchObject({ name: 'found-inherited', architecture: read('search').best.text });
    const { code, text } = await listen(['evaluate', RUN, '--weights', 'inherited', '--json'], project, {});
    expect([code, text]).toEqual([0, expect.anything()]);
    const { networks } = JSON.parse(text.slice(text.indexOf('\n{')));
    const { top1 } = facts.accuracy!;
    expect(networks).toMatchObject([{ name: 'found-inherited', top1, macs: facts.multiplyAdds, images: 64 }]);
  });

  it('is not evaluated with weights of another kind', async () => {
    const { code, text } = await listen(['evaluate', RUN, '--weights', 'best'], project, {});
    expect(code).toBe(2);
    expect(text).toContain('--weights is "best"; of a run retrained and inherited are known.');
  });
});

describe('what could not be inherited is refused before anything is trained', () => {
  const begin = async (set: readonly string[]) => {
    const other = await tinyProject();
    const asked = ['retrain.from=inherited', FREE, ...set];
    const message = await run(request(other, { set: asked }), { inline: true }).then(
      () => 'none',
      (error) => `${error.code} ${error.message} ${error.hint}`,
    );
    expect(existsSync(join(other, RUN))).toBe(false);
    return message;
  };

  it('blocks that have no cell of the teacher’s channels, with the option that helps', async () => {
    const message = await begin([]);
    expect(message).toMatch(/block 1 puts out 8 channels .* the teacher's 16; block 2 puts out 24/);
    expect(message).toContain('--set space.borders=teacher');
  });

  it.each(['s1', 's2'])(
    'cells that strategy %s trains behind one another, by the plan too',
    async (strategy) => {
      const set = [TEACHERS, `distill.use=progressive-${strategy}`];
      const wanted = 'this distillation does not train every cell of the space on the teacher’s features';
      expect(await begin(set)).toContain(wanted);
      const planned = request(await tinyProject(), { set: ['retrain.from=inherited', FREE, ...set] });
      const { findings } = await planRun(planned, { seconds: 0.1, images: 4 });
      expect(findings.find(({ check }) => check === 'retrain')).toMatchObject({
        verdict: 'problem',
        text: expect.stringContaining(wanted),
      });
    },
  );
});
