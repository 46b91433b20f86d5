import {
  DNA_STAGES,
  EfficientNet,
  efficientNetSpec,
  efficientNetVariant,
  formatBlock,
  formatStages,
  PUBLISHED_NETWORKS,
  parseBlock,
  parseStages,
  publishedNetwork,
  roundChannels,
  scaleRepeats,
} from 'dna-nas/nn/networks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const IMAGE = { height: 224, width: 224, channels: 3 };

describe('published parameters and multiply-adds at 224 pixels, 1000 classes', () => {
  it.each([
    ['efficientnet_b0', 5_288_548, 385_814_752],
    ['tf_efficientnet_b0', 5_288_548, 385_814_752],
    ['tf_efficientnet_b4', 19_341_616, 1_503_710_432],
    ['tf_efficientnet_b7', 66_347_960, 5_169_865_152],
    ['tf_efficientnet_lite0', 4_652_008, 385_187_552],
    ['dna-a', 4_243_318, 335_141_728],
    ['dna-b', 4_918_180, 392_492_032],
    ['dna-c', 5_273_896, 450_138_976],
    ['dna-d', 6_409_486, 592_837_792],
  ])('%s', (name, params, macs) => {
    const spec = publishedNetwork(name)!;
    const network = new EfficientNet(spec);
    const output = { height: 1, width: 1, channels: 1000 };
    expect(network.cost(IMAGE)).toEqual({ output, params, macs });
    // Symmetric padding gives the same sizes wherever the image is a multiple of 32.
    expect(new EfficientNet({ ...spec, padding: 'symmetric' }).trace(IMAGE).macs).toBe(macs);
    expect([...network.tensors().values()].some((tensor) => tensor.allocated)).toBe(false);
  });

  it('DNA-c at width 2.0, depth 3.1, head 2560', () => {
    const spec = publishedNetwork('dna-c-scaled')!;
    expect(spec.head).toBe(2560);
    expect(new EfficientNet(spec).parameterCount()).toBe(64_895_312);
  });

  it.each([
    ['b1', 7_794_184],
    ['b2', 9_109_994],
    ['b3', 12_233_232],
    ['b5', 30_389_784],
    ['b6', 43_040_704],
  ] as const)('%s', (variant, params) => {
    expect(new EfficientNet(efficientNetVariant(variant)).parameterCount()).toBe(params);
  });
});

describe('publishedNetwork', () => {
  it('knows every name of its list and no other', () => {
    for (const name of PUBLISHED_NETWORKS) expect(publishedNetwork(name)?.classes).toBe(1000);
    expect(publishedNetwork('dna-e')).toBeUndefined();
    expect(publishedNetwork('efficientnet_toString')).toBeUndefined();
  });

  it('lets options override its own', () => {
    const spec = publishedNetwork('tf_efficientnet_b0', { classes: 10, inputChannels: 1 })!;
    expect(spec).toMatchObject({
      classes: 10,
      inputChannels: 1,
      padding: 'same',
      batchNorm: { epsilon: 1e-3 },
    });
  });
});

describe('EfficientNet', () => {
  const tiny = {
    stem: 8,
    head: 16,
    classes: 5,
    inputChannels: 1,
    stages: parseStages([['ds_r1_k3_s1_c8'], ['ir_r2_k3_s2_e3_c8_se0.25']]),
  };

  it("names its tensors as timm's", () => {
    const names = [...new EfficientNet(tiny).tensors().keys()];
    expect(names.slice(0, 3)).toEqual(['conv_stem.weight', 'bn1.weight', 'bn1.bias']);
    expect(names).toContain('bn1.running_var');
    expect(names).toContain('blocks.0.0.conv_dw.weight');
    expect(names).toContain('blocks.0.0.conv_pw.weight');
    expect(names).toContain('blocks.1.0.se.conv_reduce.bias');
    expect(names).toContain('blocks.1.1.conv_pwl.weight');
    expect(names).toContain('blocks.1.1.bn3.running_mean');
    expect(names.slice(-7)).toEqual([
      'conv_head.weight',
      'bn2.weight',
      'bn2.bias',
      'bn2.running_mean',
      'bn2.running_var',
      'classifier.weight',
      'classifier.bias',
    ]);
  });

  it('tells the shape behind each stage', () => {
    const shapes = new EfficientNet(efficientNetVariant('b7')).stageShapes(IMAGE);
    expect(shapes.map((shape) => shape.channels)).toEqual([32, 48, 80, 160, 224, 384, 640]);
    expect(shapes.map((shape) => shape.height)).toEqual([112, 56, 28, 14, 14, 7, 7]);
  });

  it('refuses an input of other channels', () => {
    expect(() => new EfficientNet(tiny).cost(IMAGE)).toThrow(/made for 1 input channels and got 3/);
  });
});

describe('block notation', () => {
  it('reads and writes', () => {
    expect(parseBlock('ir_r2_k3_s2_e6_c24_se0.25')).toEqual({
      operation: 'mbconv',
      repeats: 2,
      kernel: 3,
      stride: 2,
      expansion: 6,
      channels: 24,
      squeezeExcite: 0.25,
    });
    expect(formatBlock(parseBlock('ds_r1_k3_s1_c16'))).toBe('ds_r1_k3_s1_e1_c16');
  });

  it('returns to the same text', () => {
    const whole = fc.integer({ min: 1, max: 2000 });
    const block = fc.record({
      operation: fc.constant('mbconv' as const),
      repeats: whole,
      kernel: whole,
      stride: whole,
      expansion: fc.constantFrom(1, 1.5, 3, 6),
      channels: whole,
      squeezeExcite: fc.constantFrom(0, 0.25, 0.5, 1),
    });
    fc.assert(
      fc.property(block, (spec) => {
        expect(parseBlock(formatBlock(spec))).toEqual(spec);
      }),
    );
  });

  it('keeps a stride at the first layer of a stage alone and joins equal layers', () => {
    const [stage] = parseStages([['ir_r2_k3_s2_e3_c40', 'ir_r1_k5_s1_e3_c40']]);
    expect(stage?.map(({ kernel, stride }) => [kernel, stride])).toEqual([
      [3, 2],
      [3, 1],
      [5, 1],
    ]);
    for (const stages of Object.values(DNA_STAGES)) {
      const layers = parseStages(stages);
      expect(parseStages(formatStages(layers))).toEqual(layers);
    }
    expect(formatStages(parseStages(DNA_STAGES['dna-d']))[2]).toEqual(['ir_r4_k7_s2_e6_c40_se0.25']);
  });

  it.each([
    ['cn_r1_k3_s1_c8', /"cn" is not an operation/],
    ['ir_r1_k3_s1_e6', /"c" is missing/],
    ['ir_r1_k3_k5_c8', /"k" is given twice/],
    ['ir_r1_k3_c8_noskip', /"noskip" is not known/],
    ['ir_r1.5_k3_c8', /"r1.5" must be a whole number above 0/],
    ['ir_r1_k3_c0', /"c0" must be/],
    ['ds_k3_e6_c8', /ds has no expansion/],
  ])('refuses %s', (text, message) => {
    expect(() => parseBlock(text)).toThrow(message);
  });
});

describe('scaling', () => {
  it('rounds channels to eights, losing a tenth at most', () => {
    expect([16, 24, 40, 112].map((channels) => roundChannels(channels, 1.4))).toEqual([24, 32, 56, 160]);
    // 1.4 · 8 = 11.2 would round to 8, which loses more than a tenth.
    expect(roundChannels(8, 1.4)).toBe(16);
    expect(roundChannels(1)).toBe(8);
  });

  it('hands out repeats from the last definition on', () => {
    expect(scaleRepeats([4], 3.1)).toEqual([13]);
    expect(scaleRepeats([1, 1], 3.1)).toEqual([3, 4]);
    // 2 of 4 layers of 5 is 2.5, which Python rounds to the even 2.
    expect(scaleRepeats([1, 1, 2], 1.1)).toEqual([1, 2, 2]);
  });

  it('refuses a multiplier of 0', () => {
    expect(() => efficientNetSpec({ width: 0 })).toThrow(/width multiplier .* not 0/);
  });
});
