import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import type { StateDict } from 'dna-nas/core/contracts';
import type { RunSummary } from 'dna-nas/core/stages';
import { attachRunFolder } from 'dna-nas/core/store';
import { exportSafetensors } from 'dna-nas/export';
import { readSafetensors } from 'dna-nas/files';
import { beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

/** Cells with the teacher's channels alone. */
const FITTING = {
  ...TINY,
  space: {
    ...(TINY.space as object),
    use: 'mbconv',
    blocks: [
      { stride: 2, cells: [{ layers: 1, channels: 16 }] },
      { stride: 2, cells: [{ layers: 1, channels: 16 }] },
    ],
  },
  search: { use: 'exact', limits: {} },
};

/** A training that moves no weight, so that its result shows what it started from. */
const STILL = ['retrain.learningRate.rate=1e-30', 'retrain.movingAverage=0', 'retrain.epochs=0.5'];

const isStatistic = (name: string) => /running_(mean|var)$/.test(name);
/** Zeros of both signs, and what lies below the rate, are zero. */
const rounded = (value: number) => Math.round(value * 1e6) || 0;

function parameters(tensors: ReadonlyMap<string, { data: ArrayLike<number> }>): Record<string, number[]> {
  const own = [...tensors].filter(([name]) => !isStatistic(name));
  return Object.fromEntries(own.map(([name, { data }]) => [name, Array.from(data, rounded)]));
}

let project: string;
let summary: RunSummary;

const folder = (name: string) => join(project, 'runs', name);
const result = (name: string, task = 'retrain-given'): { json: object; tensors: StateDict } =>
  attachRunFolder(folder(name)).loadResult(task)! as never;

beforeAll(async () => {
  project = await tinyProject();
  const request = tinyRequest(project, {
    config: FITTING as never,
    set: ['distill.epochs=1', 'retrain.from=inherited', ...STILL],
  });
  summary = (await run(request, { inline: true }))!;
});

describe('retraining that starts from inherited weights', () => {
  it.each(['found', 'random'])('starts the %s network as it is exported with them', async (network) => {
    const source = { source: 'runs/tiny', project, weights: 'inherited', network } as const;
    const { bytes } = await exportSafetensors(source);
    const { tensors } = readSafetensors(bytes);
    const own = new Map([...tensors].map(([name, { data }]) => [name, { data: data as Float32Array }]));
    expect(parameters(result('tiny', `retrain-${network}`).tensors)).toEqual(parameters(own));
  });

  it('says so in the summary', () => {
    const said = summary.networks.map(({ name, from }) => [name, from]);
    expect(said).toEqual([
      ['teacher', undefined],
      ['found', 'inherited'],
      ['random', 'inherited'],
    ]);
  });

  it('is refused with the blocks whose channels are not the teacher’s, before anything is retrained', async () => {
    const other = await tinyProject();
    const set = ['distill.epochs=0.2', 'retrain.from=inherited', 'search.limits={}', ...STILL];
    await expect(run(tinyRequest(other, { set }), { inline: true })).rejects.toMatchObject({
      code: 'INHERITED_WEIGHTS',
      message: expect.stringMatching(/puts out (8|24) channels and was trained to put out the teacher's \d+/),
    });
    const ids = attachRunFolder(join(other, 'runs', 'tiny')).resultIds();
    expect(ids.filter((id) => /^(retrain|evaluate)/.test(id))).toEqual([]);
  });

  it('is refused with a distillation that does not train each cell alone, before it trains any', async () => {
    const other = await tinyProject();
    const set = ['distill.use=progressive-s2', 'retrain.from=inherited', ...STILL];
    const request = tinyRequest(other, { config: FITTING as never, set });
    await expect(run(request, { inline: true })).rejects.toMatchObject({ code: 'INHERITED_WEIGHTS' });
    expect(existsSync(join(other, 'runs/tiny/results'))).toBe(false);
  });

  it('is refused where no cells are trained', async () => {
    const architecture = summary.architecture;
    const request = tinyRequest(project, {
      config: FITTING as never,
      architecture,
      set: ['retrain.from=inherited'],
    });
    await expect(run(request, { inline: true })).rejects.toMatchObject({ code: 'RETRAIN_FROM' });
  });
});

describe('dna retrain --from', () => {
  const retrain = (...words: string[]) =>
    listen(['retrain', ...words, ...STILL.flatMap((one) => ['--set', one])], project, {});
  let refused = 0;

  it('takes network and configuration from the run of the weights, and starts from these', async () => {
    const { code, text } = await retrain('--from', 'runs/tiny', '--set', 'name=again');
    expect([code, text]).toEqual([0, expect.anything()]);
    const { json, tensors } = result('again');
    const file = 'runs/tiny/results/retrain-found.safetensors';
    expect(parameters(tensors)).toEqual(parameters(result('tiny', 'retrain-found').tensors));
    const sha = createHash('sha256')
      .update(readFileSync(join(project, file)))
      .digest('hex');
    expect(json).toMatchObject({ architecture: summary.architecture, from: file, fromSha256: sha });
  });

  it('draws the classifier anew for data of other classes, which --data names', async () => {
    const words = ['--from', 'runs/tiny/results/retrain-found.safetensors', '--data', 'synthetic'];
    const size = [
      'data.classes=3',
      'data.size=16',
      'data.channels=1',
      'data.train=64',
      'data.validation=16',
      'data.test=16',
    ];
    const { code, text } = await retrain(
      ...words,
      ...size.flatMap((one) => ['--set', one]),
      '--set',
      'name=other',
    );
    expect([code, text]).toEqual([0, expect.anything()]);
    const { tensors, json } = result('other');
    expect(json).toMatchObject({ classes: 3 });
    const { 'classifier.weight': weight, 'classifier.bias': bias, ...body } = parameters(tensors);
    const {
      'classifier.weight': before,
      'classifier.bias': _,
      ...bodyBefore
    } = parameters(result('tiny', 'retrain-found').tensors);
    expect(body).toEqual(bodyBefore);
    expect([weight!.length, bias!.length]).toEqual([3 * (before!.length / 4), 3]);
    // It is the one that the network draws where it starts from nothing.
    const scratch = ['runs/tiny', '--architecture', 'runs/tiny', '--set', 'retrain.from=scratch'];
    const drawn = await retrain(
      ...[...scratch, '--data', 'synthetic', '--set', 'name=drawn'],
      ...size.flatMap((one) => ['--set', one]),
    );
    expect([drawn.code, drawn.text]).toEqual([0, expect.anything()]);
    const own = parameters(result('drawn').tensors);
    expect([weight, bias]).toEqual([own['classifier.weight'], own['classifier.bias']]);
    expect(body).not.toEqual(own);
    expect(own['conv_head.weight']).not.toEqual(body['conv_head.weight']);
    const { bytes } = await exportSafetensors({ source: 'runs/other', project });
    expect(readSafetensors(bytes).metadata.get('classes')).toBe('3');
  });

  it('takes an exported file of tensors, too', async () => {
    const { bytes } = await exportSafetensors({ source: 'runs/tiny', project });
    writeFileSync(join(project, 'net.safetensors'), bytes);
    const { code, text } = await retrain('runs/tiny', '--from', 'net.safetensors', '--set', 'name=third');
    expect([code, text]).toEqual([0, expect.anything()]);
    expect(parameters(result('third').tensors)).toEqual(parameters(result('tiny', 'retrain-found').tensors));
  });

  it.each([
    [
      ['--from', 'runs/tiny/results/retrain-fund.safetensors'],
      'Did you mean --from runs/tiny/results/retrain-found.safetensors?',
    ],
    [
      ['--from', 'runs/tiny/results/train-b1-c1.safetensors'],
      'does not say which network its weights are of',
    ],
    [['--from', 'runs/tiny/config.json'], 'is no file of weights'],
    [['--from', 'runs'], 'is a folder without a trained network'],
    [[], 'dna retrain was not told which network to train'],
    [
      ['--from', 'runs/tiny', '--architecture', 'ir_r1_k3_s2_e2_c16_se0.25 | ir_r2_k3_s2_e2_c16_se0.25'],
      'These weights are of another network',
    ],
    [
      ['--from', 'runs/tiny', '--set', 'data.channels=3'],
      'conv_stem.weight is [8, 1, 3, 3], expected [8, 3, 3, 3]',
    ],
    [
      ['runs/tiny', '--architecture', 'runs/tiny', '--set', 'retrain.from=scrtch'],
      'none of scratch, inherited and sliced, and no file',
    ],
    [
      ['runs/tiny', '--architecture', 'runs/tiny', '--set', 'retrain.from=/net.safetensors'],
      'an absolute path',
    ],
  ])('with %j ends with 2 and says why', async (words, problem) => {
    const { code, text } = await retrain(...words, '--set', `name=refused-${refused++}`);
    expect(text).toContain(problem);
    expect(code).toBe(2);
  });
});
