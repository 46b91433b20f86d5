import type { FeatureShape, SpaceBlock, TeacherDescription } from 'dna-nas/core/contracts';
import { EfficientNet, efficientNetVariant } from 'dna-nas/nn/networks';
import { partitionResolution } from 'dna-nas/plugins/partition-resolution';
import { spaceMbconv } from 'dna-nas/plugins/space-mbconv';
import { describe, expect, it } from 'vitest';
import { answer } from './plugin-run.js';

const IMAGE: FeatureShape = { height: 224, width: 224, channels: 3 };

function describeVariant(variant: 'b0' | 'b7', image = IMAGE): TeacherDescription {
  const shapes = new EfficientNet(efficientNetVariant(variant)).stageShapes(image);
  return teacherOf(shapes.map(({ height, channels }) => [height, channels]));
}

/** A teacher whose stages have the given [extent, channels]. */
function teacherOf(stages: readonly (readonly [number, number])[]): TeacherDescription {
  const named = stages.map(([extent, channels], index) => ({
    name: `stage ${index + 1}`,
    output: { height: extent, width: extent, channels },
  }));
  return { name: 'teacher', input: IMAGE, stages: named, params: 0, macs: 0, fingerprint: '' };
}

function blocksOf(...strides: readonly number[]): SpaceBlock[] {
  return strides.map((stride) => ({ stride, cells: [] }));
}

async function cut(teacher: TeacherDescription, blocks: readonly SpaceBlock[], cuts?: number[]) {
  const partition = await answer(partitionResolution(cuts ? { cuts } : {}), 'resolvePartition');
  return partition({ teacher, image: IMAGE, blocks });
}

describe('the paper’s partition', () => {
  it.each([
    ['b0', [24, 40, 80, 112, 192, 320]],
    ['b7', [48, 80, 160, 224, 384, 640]],
  ] as const)('ends the blocks of %s after stages 2 to 7', async (variant, channels) => {
    const space = await answer(spaceMbconv(), 'resolveSpace');
    const blocks = await cut(describeVariant(variant), space.blocks);
    expect(blocks.map(({ outputStage }) => outputStage)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(blocks.map(({ inputStage }) => inputStage)).toEqual([-1, 1, 2, 3, 4, 5]);
    expect(blocks.map(({ output }) => output.height)).toEqual([56, 28, 14, 14, 7, 7]);
    expect(blocks.map(({ output }) => output.channels)).toEqual(channels);
    expect(blocks[0]!.input).toEqual(IMAGE);
    for (let index = 1; index < 6; index++) expect(blocks[index]!.input).toEqual(blocks[index - 1]!.output);
    expect(blocks.map(({ name }) => name)).toEqual([1, 2, 3, 4, 5, 6].map((number) => `block ${number}`));
  });
});

describe('other pairs', () => {
  const stages = async (teacher: TeacherDescription, strides: number[]) =>
    (await cut(teacher, blocksOf(...strides))).map(({ outputStage }) => outputStage + 1);

  it('shares out the stages of one resolution, the last block taking the last', async () => {
    const teacher = teacherOf([
      [112, 8],
      [56, 8],
      [56, 8],
      [56, 8],
      [56, 8],
      [28, 8],
    ]);
    expect(await stages(teacher, [4, 1, 2])).toEqual([3, 5, 6]);
    expect(await stages(teacher, [4, 2])).toEqual([5, 6]);
    expect(await stages(teacher, [4, 1, 1, 2])).toEqual([3, 4, 5, 6]);
  });

  it('takes the nearest resolution where there is none, and shapes as the student sees them', async () => {
    const teacher = teacherOf([
      [112, 8],
      [56, 16],
      [14, 32],
    ]);
    const blocks = await cut(teacher, blocksOf(4, 2, 2));
    expect(blocks.map(({ outputStage }) => outputStage)).toEqual([0, 1, 2]);
    expect(blocks.map(({ output }) => [output.height, output.channels])).toEqual([
      [56, 8],
      [28, 16],
      [14, 32],
    ]);
    expect(blocks[1]!.input).toEqual({ height: 56, width: 56, channels: 8 });
  });

  it('rounds resolutions up', async () => {
    const partition = await answer(partitionResolution(), 'resolvePartition');
    const image = { height: 28, width: 20, channels: 1 };
    const [, , last] = partition({
      teacher: teacherOf([
        [14, 8],
        [7, 8],
        [4, 8],
      ]),
      image,
      blocks: blocksOf(2, 2, 2),
    });
    expect(last!.output).toEqual({ height: 4, width: 3, channels: 8 });
  });

  it('refuses a teacher with fewer stages than blocks, naming them', async () => {
    await expect(
      cut(
        teacherOf([
          [56, 8],
          [28, 8],
        ]),
        blocksOf(4, 2, 2),
      ),
    ).rejects.toThrow(
      /cannot be cut into 3 blocks: it has only 2 stages\. Its stages are 1 stage 1 \(56×56\), 2 stage 2 \(28×28\)/,
    );
  });
});

describe('the option cuts', () => {
  const teacher = teacherOf([
    [112, 8],
    [56, 8],
    [28, 8],
    [28, 8],
  ]);

  it('overrides the matching', async () => {
    const blocks = await cut(teacher, blocksOf(4, 2), [1, 3]);
    expect(blocks.map(({ outputStage }) => outputStage)).toEqual([0, 2]);
  });

  it('must be one a block, rising, and stages of the teacher', async () => {
    await expect(cut(teacher, blocksOf(4, 2), [1])).rejects.toThrow(/there are 1 cuts \(1\)/);
    await expect(cut(teacher, blocksOf(4, 2), [3, 3])).rejects.toThrow(/the cuts 3, 3 do not rise/);
    await expect(cut(teacher, blocksOf(4, 2), [3, 5])).rejects.toThrow(/name stages that it does not have/);
    expect(() => partitionResolution({ cuts: [0, 1] })).toThrow(/cuts/);
  });
});
