import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { openStoredRun } from 'dna-nas/core/run';
import { beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

let project: string;

const TABLE = JSON.stringify({
  name: 'tiny teacher',
  stem: 8,
  stages: ['ds_r1_k3_s1_e1_c8', 'ir_r1_k3_s2_e2_c12', 'ir_r1_k3_s2_e2_c16'],
  head: 16,
});

/** A run whose teacher nobody has trained. */
beforeAll(async () => {
  project = await tinyProject();
  const teacher = `teacher={use: efficientnet, architecture: ${TABLE}, weights: untrained, classes: 4, image: {height: 16, width: 16, channels: 1}}`;
  const set = [
    teacher,
    'distill.epochs=1',
    'retrain.epochs=1',
    'reports=[json, html]',
    'retrain.batchNormEpsilon=0.3',
  ];
  await run(tinyRequest(project, { set }), { inline: true });
});

const evaluate = async (...words: string[]) => listen(['evaluate', ...words], project, {});

/** What follows the remarks on standard error. */
const data = (text: string) => JSON.parse(text.slice(text.indexOf('\n{')));

describe('a run with an untrained teacher', () => {
  const read = (file: string) => readFileSync(join(project, 'runs', 'tiny', file), 'utf8');

  test('says so in its summary and its report', () => {
    const summary = JSON.parse(read('summary.json'));
    expect(summary.warnings).toEqual([expect.stringContaining('tiny teacher is UNTRAINED')]);
    expect(read('report.html')).toMatch(/<p class="warning" role="alert">[^<]*UNTRAINED/);
  });

  test('draws the teacher from the seed, so that another thread has the same', async () => {
    const { run: applied } = await openStoredRun({ folder: join(project, 'runs', 'tiny'), project });
    const teacher = await applied.resolve('resolveTeacher', 'teacher');
    const { fingerprint, name } = await teacher.describe();
    expect(name).toBe('tiny teacher (untrained)');
    expect(JSON.parse(read('identity.json')).teacher).toBe(fingerprint);
  });
});

describe('dna evaluate RUN', () => {
  test('measures the retrained networks on the test split, as the run did', async () => {
    const { code, text } = await evaluate('runs/tiny', '--json');
    expect(code, text).toBe(0);
    const { networks } = data(text);
    const { networks: before } = JSON.parse(readFileSync(join(project, 'runs/tiny/summary.json'), 'utf8'));
    for (const { name, images, top1, top5, params, macs, top1Interval } of networks) {
      const of = before.find((network: { name: string }) => network.name === name);
      expect({ top1, params, macs }).toEqual({ top1: of.top1, params: of.params, macs: of.macs });
      expect({ images, top5 }).toEqual({ images: 64, top5: 1 });
      expect(top1Interval[0]).toBeLessThan(top1);
      expect(top1Interval[1]).toBeGreaterThan(top1);
    }
    expect(networks.map(({ name }: { name: string }) => name).sort()).toEqual(['found', 'random']);
  });

  test('tells no top-5 of four classes, where it is always right', async () => {
    const { code, text } = await evaluate('runs/tiny');
    expect(code, text).toBe(0);
    expect(text).toMatch(/^network +images +top-1 % \(95 % interval\)$/m);
  });

  test('measures the same network from its weights and its line', async () => {
    const weights = join('runs', 'tiny', 'results', 'retrain-found.safetensors');
    expect(existsSync(join(project, weights))).toBe(true);
    const { networks } = data((await evaluate('runs/tiny', '--json')).text);
    const { architecture } = JSON.parse(readFileSync(join(project, 'runs/tiny/summary.json'), 'utf8'));
    const { use: plugin, ...options } = TINY.data as { use: string };
    const { code, text } = await evaluate(
      ...['--architecture', architecture, '--checkpoint', weights, '--space', JSON.stringify(TINY.space)],
      ...['--data', plugin, '--data-options', JSON.stringify(options), '--backend', 'wasm', '--json'],
    );
    expect(code, text).toBe(0);
    const found = networks.find(({ name }: { name: string }) => name === 'found');
    // Another seed draws other images of the same classes, so only the network's size must agree.
    expect(data(text)).toMatchObject({ images: 64, params: found.params, macs: found.macs });
  });

  test('measures the weights beside those that count where they are named', async () => {
    const { code, text } = await evaluate('runs/tiny', '--network', 'found-raw', '--json');
    expect(code, text).toBe(0);
    expect(data(text).networks).toMatchObject([{ name: 'found-raw', images: 64 }]);
  });

  test('prints a table for people', async () => {
    const { text } = await evaluate('runs/tiny');
    expect(text).toMatch(/network +images +top-1 % \(95 % interval\)/);
    expect(text).toMatch(/found +64 +\d+\.\d\d \(\d+\.\d\d to \d+\.\d\d\)/);
  });
});

describe('what cannot be measured', () => {
  test.each([
    ['nothing', [], /measures one thing, and was asked for 0/],
    ['two things', ['runs/tiny', '--teacher', 'tf_efficientnet_b0'], /asked for 2/],
    ['no run', ['runs/none'], /error RUN_NOT_FOUND/],
    [
      'with an option that this machine has not',
      ['runs/tiny', '--set', 'teacher.weightsFile=a', '--set', 'data.path=x'],
      /data\.path\s+found +"x"\s+expected +no option of this machine/,
    ],
    [
      'with an option of a run, and no run',
      ['--teacher', 'tf_efficientnet_b0', '--set', 'data.path=x'],
      /--set is for the options of a run, and none is named\.\n→ Say --data/,
    ],
    [
      'a network that the run has not',
      ['runs/tiny', '--network', 'lost'],
      /no network "lost"\.\n→ It has .*found/,
    ],
    [
      'weights that are not there',
      [
        '--architecture',
        'ir_r1_k3_s2_e2_c8 | ir_r1_k3_s2_e2_c24',
        '--checkpoint',
        'teacher.safetensor',
        '--data',
        'synthetic',
      ],
      /error TEACHER_WEIGHTS: The weights "teacher\.safetensor" are no file of the project\.\n→ Did you mean .*teacher\.safetensors/,
    ],
    [
      'weights of another architecture',
      [
        '--architecture',
        'ir_r1_k3_s2_e2_c8',
        '--checkpoint',
        'teacher.safetensors',
        '--data',
        'synthetic',
        '--backend',
        'wasm',
      ],
      /error TEACHER_WEIGHTS: .*teacher.safetensors cannot be used: These weights are of another network/,
    ],
    ['an architecture without weights', ['--architecture', 'dna-a'], /--checkpoint FILE/],
    [
      'a network that is not known',
      ['--teacher', 'tf_efficientnet_b9', '--data', 'synthetic'],
      /nearest +efficientnet_b\d|tf_efficientnet_b/,
    ],
    ['no images', ['--teacher', 'tf_efficientnet_b0', '--weights', 'untrained'], /--data DIR/],
    [
      'images of other classes',
      [
        ...['--teacher', 'tf_efficientnet_b0', '--weights', 'untrained', '--data', 'synthetic'],
        ...['--data-options', '{channels: 3, classes: 7}', '--backend', 'wasm'],
      ],
      /error EVALUATE_CLASSES: .*1000 classes.*are of 7/,
    ],
    [
      'weights of another network',
      [
        '--teacher',
        'tf_efficientnet_b0',
        '--weights',
        'teacher.safetensors',
        '--data',
        'synthetic',
        ...['--data-options', '{channels: 3, classes: 4}', '--backend', 'wasm'],
      ],
      /error TEACHER_WEIGHTS: .*another network/,
    ],
  ])('%s', async (_, words, message) => {
    const { code, text } = await evaluate(...words);
    expect(text).toMatch(message);
    expect(code).toBeGreaterThan(0);
    expect(text).not.toMatch(/\n\s+at /);
  });
});
