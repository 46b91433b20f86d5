import { join } from 'node:path';
import { run } from 'dna-nas/configuration';
import { exportOnnx, exportQuantized } from 'dna-nas/export';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeIdxFolder } from '../data/idx-folder.js';
import { TINY, tinyProject } from '../run/tiny-run.js';

describe('a run of data in files', () => {
  let other: string;
  let folder: string;
  let told: string[];

  const exportMine = (changes: Partial<Parameters<typeof exportOnnx>[0]> = {}) => {
    told = [];
    const noticed = (text: string) => told.push(text);
    return exportOnnx({ source: 'runs/mine-retrain', project: other, noticed, ...changes });
  };

  beforeAll(async () => {
    other = await tinyProject();
    folder = makeIdxFolder(other, [8, 8, 2]);
    const data = { use: 'idx', path: folder, heldOutPerClass: 0 };
    const { backend, space, retrain } = TINY;
    const config = {
      ...{ name: 'mine', backend, space, data, reports: ['json'] },
      retrain: { ...(retrain as object), batch: 6 },
    };
    const architecture = 'ir_r1_k3_s2_e2_c8 | ir_r1_k3_s2_e2_c16';
    await run({ project: other, config, architecture, set: ['retrain.epochs=1'] }, { inline: true });
  });

  it('has its one network exported, by whatever name, where the data are now', async () => {
    const { facts } = await exportMine({ machine: { 'data.path': folder } });
    expect(told).toEqual([]);
    expect(facts).toMatchObject({ name: 'given', channels: 2, classes: 3 });
    expect(facts).not.toHaveProperty('colour');
    expect(facts.mean).toHaveLength(2);
  });

  it('is exported without what only the data tell, where they are not at hand', async () => {
    const gone = { machine: { 'data.path': join(other, 'nowhere') } };
    const { facts } = await exportMine(gone);
    expect(told).toEqual([
      expect.stringMatching(/^The data cannot be opened \(.*nowhere.*\): what only they tell/),
    ]);
    expect(facts).not.toHaveProperty('mean');
    expect(facts.input).toBe('normalised as in its training');
    const failure = { code: 'EXPORT_NORMALISATION', exitCode: 2 };
    await expect(exportMine({ ...gone, preprocess: true })).rejects.toMatchObject(failure);
  });

  it('does not take the word of other data', async () => {
    const { facts } = await exportMine({ machine: { 'data.path': makeIdxFolder(other, [8, 8, 1]) } });
    expect(told).toEqual([expect.stringMatching(/^The data are not those of the run any more/)]);
    expect(facts).not.toHaveProperty('mean');
  });

  it.each([
    ['are gone', () => join(other, 'nowhere'), /its data cannot be opened \(.*nowhere/],
    ['are others', () => makeIdxFolder(other, [8, 8, 1]), /its data are other ones now/],
  ])('has no images to calibrate eight bits on where they %s', async (_, path, problem) => {
    const machine = { 'data.path': path() };
    await expect(
      exportQuantized({ source: 'runs/mine-retrain', project: other, machine }),
    ).rejects.toMatchObject({
      code: 'EXPORT_CALIBRATION',
      message: expect.stringMatching(problem),
      hint: expect.stringContaining('without --quantize'),
    });
  });

  it('says what to do without onnxruntime', async () => {
    const machine = { 'data.path': folder };
    await expect(
      exportQuantized({ source: 'runs/mine-retrain', project: other, machine }),
    ).rejects.toMatchObject({
      code: 'PREDICT_RUNTIME',
      hint: expect.stringMatching(/without either, export the network in float32, without --quantize\.$/),
    });
  });
});
