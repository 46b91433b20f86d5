import { availableParallelism } from 'node:os';
import { describeNetwork, describeSpace, planRun } from 'dna-nas/run-tools';
import { beforeAll, describe, expect, it } from 'vitest';
import { tinyProject, tinyRequest } from '../run/tiny-run.js';

let project: string;
beforeAll(async () => {
  project = await tinyProject();
});

describe('planRun', () => {
  it('finds nothing wrong with a run that works but for its smallness', async () => {
    const plan = await planRun(tinyRequest(project), { seconds: 0.1, images: 32 });
    const verdicts = Object.fromEntries(plan.findings.map(({ check, verdict }) => [check, verdict]));
    // Nobody has trained this teacher.
    const small = ['teacher check', 'distill steps', 'retrain steps', 'test split'];
    const verdictOf = (check: string) => (small.includes(check) ? 'warning' : 'ok');
    const checks = [
      ...['configuration', 'backend', 'data', 'teacher', 'space', 'blocks', 'cells', 'limits'],
      ...['teacher check', 'speed', 'distill', 'rank', 'retrain', 'memory', ...small.slice(1)],
    ];
    expect(verdicts).toEqual(Object.fromEntries(checks.map((check) => [check, verdictOf(check)])));
    expect(Object.keys(verdicts)).toEqual(checks);
    expect(plan.sound).toBe(true);
  });

  it('warns of trainings of a few steps and of test images that tell little', async () => {
    const warnings = async (set: readonly string[]) => {
      const { findings } = await planRun(tinyRequest(project, { set }), { seconds: 0 });
      return findings.filter(({ verdict, check }) => verdict === 'warning' && check !== 'teacher check');
    };
    // 192 images in batches of 16, three epochs; half an interval is 98 points over the root of 64.
    expect(await warnings([])).toEqual([
      {
        ...{ check: 'distill steps', verdict: 'warning' },
        text: 'each network is trained for 36 steps; below 300 it has hardly begun',
        fix: 'Train for more epochs, 9 times as many or more (distill.epochs), or in smaller batches (distill.batch).',
      },
      {
        ...{ check: 'retrain steps', verdict: 'warning' },
        text: 'each network is trained for 36 steps; below 300 it has hardly begun',
        fix: 'Train for more epochs, 9 times as many or more (retrain.epochs), or in smaller batches (retrain.batch).',
      },
      {
        ...{ check: 'test split', verdict: 'warning' },
        text: '64 test images tell an accuracy to ±12 points; networks that differ by less look alike',
        fix: 'Test on more images, if there are some.',
      },
    ]);
    const checks = (found: Awaited<ReturnType<typeof warnings>>) => found.map(({ check }) => check);
    expect(checks(await warnings(['distill.epochs=25', 'retrain.epochs=24.9', 'data.test=385']))).toEqual([
      'retrain steps',
    ]);
    expect(checks(await warnings(['distill.epochs=25', 'retrain.epochs=25', 'data.test=384']))).toEqual([
      'test split',
    ]);
  });

  it('counts steps, images and networks', async () => {
    const { space, stages } = await planRun(tinyRequest(project), { seconds: 0 });
    // 2 + 4 candidates, then 4 + 2.
    expect(space).toMatchObject({ blocks: 2, cells: 4, networks: 36 });
    // 192 images in batches of 16, three epochs, four cells of which one teacher pass serves all.
    expect(stages.find(({ stage }) => stage === 'distill')).toMatchObject({ steps: 4 * 36, images: 36 * 16 });
    expect(stages.find(({ stage }) => stage === 'rank')).toMatchObject({ steps: 4 * 4, images: 4 * 4 * 16 });
    expect(stages.every(({ macs, hours }) => macs > 0 && hours === undefined)).toBe(true);
  });

  it('leaves all cores to a single network: one worker thread', async () => {
    const architecture = notation(['8: k3e2', '16: k3e2 k3e2']);
    const backendOf = async (request: Parameters<typeof planRun>[0]) =>
      (await planRun(request, { seconds: 0 })).findings.find(({ check }) => check === 'backend')!.text;
    expect(await backendOf({ ...tinyRequest(project), architecture })).toMatch(/; 1 worker thread$/);
    expect(await backendOf(tinyRequest(project, { set: ['workers=3'] }))).toMatch(/; 3 worker threads$/);
    if (availableParallelism() > 1) {
      expect(await backendOf(tinyRequest(project))).toMatch(/; \d+ worker threads$/);
    }
  });

  it('counts the rest of the teacher for a rating by its answer: for each candidate, and once a batch for itself', async () => {
    const request = tinyRequest(project, { set: ['rank.rating=answer-kl'] });
    const [features, answers] = await Promise.all(
      [tinyRequest(project), request].map(async (each) => {
        const { stages } = await planRun(each, { seconds: 0 });
        return stages.find(({ stage }) => stage === 'rank')!.macs;
      }),
    );
    // Behind stage 2, 4×4×16 (12 rounded to eights): expansion to 32, depthwise 3×3 with stride 2, projection to 16.
    const last = 4 * 4 * 16 * 32 + 2 * 2 * 9 * 32 + 2 * 2 * 32 * 16;
    const head = 2 * 2 * 16 * 16 + 16 * 4;
    // Cells of 2 and 4 candidates, then of 4 and 2, in three batches of 16.
    const asked = (2 + 1 + 4 + 1) * (last + head) + (4 + 1 + 2 + 1) * head;
    expect(answers! - features!).toBeCloseTo(3 * 16 * asked, 3);
  });

  it('tells what the networks cost at least and at most, as counting all of them does', async () => {
    const { costs } = await describeSpace(tinyRequest(project));
    const cells = [
      ['8: k3e2', '8: k5e2', '16: k3e2 k3e2', '16: k5e2 k5e2'],
      ['16: k3e2 k3e2', '16: k5e2 k5e2', '24: k3e2', '24: k5e2'],
    ];
    const networks = cells[0]!.flatMap((one) => cells[1]!.map((other) => [one, other]));
    const counted = await Promise.all(
      networks.map((pair) => describeNetwork(tinyRequest(project), notation(pair))),
    );
    for (const cost of ['macs', 'params'] as const) {
      const values = counted.map((network) => network[cost]);
      expect(costs[cost]).toEqual({ least: Math.min(...values), most: Math.max(...values) });
    }
  });

  it.each([
    ['limits', 'search.limits.params=10', /No network of the space meets/, /smallest reachable/],
    ['distill', 'distill.batch=1000', /distill.batch is 1000/, /distill.batch/],
    ['distill', 'distill.microBatch=200', /distill.microBatch is 200/, /distill.microBatch=96/],
    ['rank', 'rank.batch=100', /rank.batch is 100/, /rank.batch/],
    ['teacher', 'teacher.weights=gone.safetensors', /gone.safetensors/, /./],
  ])('reports a problem of %s with what to do', async (check, setting, text, fix) => {
    const request = tinyRequest(project);
    const plan = await planRun({ ...request, set: [...(request.set ?? []), setting] }, { seconds: 0 });
    expect(plan.sound).toBe(false);
    const found = plan.findings.find((one) => one.check === check && one.verdict === 'problem');
    expect(found?.text).toMatch(text);
    expect(found?.fix).toMatch(fix);
  });

  it.each([
    ['data.train=40', 40, 'training'],
    ['data.validation=24', 24, 'validation'],
  ])('lets a batch of the rating be as large as the split: %s', async (size, most, split) => {
    const rank = async (batch: number) => {
      const set = [size, `rank.batch=${batch}`];
      const { findings } = await planRun(tinyRequest(project, { set }), { seconds: 0 });
      return findings.find(({ check }) => check === 'rank');
    };
    expect(await rank(most)).toMatchObject({ verdict: 'ok' });
    expect(await rank(most + 1)).toMatchObject({
      verdict: 'problem',
      text: expect.stringContaining(`only ${most} ${split} images`),
    });
  });
});

/** `16: k3e2 k5e2` as timm writes it. */
function notation(blocks: readonly string[]): string {
  return blocks
    .map((block) => {
      const [channels, operations = ''] = block.split(': ');
      return operations
        .split(' ')
        .map((name, layer) => {
          const [, kernel, expansion] = /k(\d)e(\d)/.exec(name)!;
          return `ir_r1_k${kernel}_s${layer === 0 ? 2 : 1}_e${expansion}_c${channels}_se0.25`;
        })
        .join(' ');
    })
    .join(' | ');
}

describe('describeNetwork', () => {
  const paper = { preset: 'paper-b0', configFile: false } as const;

  it.each([
    ['dna-a', 4_243_318, 335_141_728],
    ['dna-d', 6_409_486, 592_837_792],
    ['tf_efficientnet_b7', 66_347_960, 5_169_865_152],
  ])('%s, by its layers', async (name, params, macs) => {
    const network = await describeNetwork(paper, name);
    expect(network).toMatchObject({ params, macs, classes: 1000 });
    const sum = (cost: 'params' | 'macs') => network.layers.reduce((all, layer) => all + layer[cost], 0);
    expect([sum('params'), sum('macs')]).toEqual([params, macs]);
    expect((await describeNetwork(paper, network.text)).layers.length).toBe(network.layers.length);
  });

  it('at another size', async () => {
    const { image, macs, params } = await describeNetwork(paper, 'dna-a', { imageSize: 448 });
    expect(image).toEqual({ height: 448, width: 448, channels: 3 });
    expect(params).toBe(4_243_318);
    expect(macs).toBeGreaterThan(3.9 * 335_141_728);
  });

  it("the paper's space", async () => {
    const { networks, blocks } = await describeSpace(paper);
    expect(networks).toBe(288 * 1548 * 1548 * 2808 * 16_848 * 6);
    expect(blocks.map(({ cells }) => cells.length)).toEqual([3, 3, 3, 3, 3, 1]);
  });
});
