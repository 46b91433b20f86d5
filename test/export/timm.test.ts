import { type NetworkFacts, networkToTimm } from 'dna-nas/export';
import { readSafetensors, toStateDict } from 'dna-nas/files';
import { EfficientNet, type EfficientNetSpec, parseStages } from 'dna-nas/nn/networks';
import { stateDict } from 'dna-nas/nn/weights';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../plugins/on-cpu.js';
import { IMAGE, tinyNetwork, trained } from './networks.js';

onCpu();

const FACTS: NetworkFacts = {
  ...{ name: 'found', architecture: 'ir', parameters: 1, multiplyAdds: 2, classes: 5 },
  ...{ ...IMAGE, input: '(pixels / 255 - mean) / std', version: '1.2.3' },
};

const SPEC: EfficientNetSpec = {
  stem: 8,
  stemStride: 1,
  stages: parseStages([['ds_r1_k3_c8'], ['ir_r1_k3_s2_e3_c16_se0.25', 'ir_r1_k5_e6_c16_se0.25']]),
  head: 24,
  classes: 5,
  padding: 'symmetric',
  activation: 'relu6',
  batchNorm: { momentum: 0.2, epsilon: 0.01 },
};

const written = (spec: Partial<EfficientNetSpec> = {}) =>
  networkToTimm(() => trained(new EfficientNet({ ...SPEC, ...spec })), FACTS);

describe('a network for timm', () => {
  it('has all tensors under their names, and what is known of it', () => {
    const network = trained(new EfficientNet(SPEC));
    const file = readSafetensors(written().bytes);
    const tensors = toStateDict(file);
    for (const [name, { shape, data }] of stateDict(network))
      expect(tensors.get(name), name).toEqual({ shape, data });
    network.dispose();
    expect(Object.fromEntries(file.metadata)).toMatchObject({ name: 'found', classes: '5' });
  });

  it('is built by a program that says all that it is made of', () => {
    const program = written().program('found.safetensors');
    for (const line of [
      'WEIGHTS = Path(__file__).with_name("found.safetensors")',
      '    ["ds_r1_k3_s1_e1_c8"],',
      '    ["ir_r1_k3_s2_e3_c16_se0.25", "ir_r1_k5_s1_e6_c16_se0.25"],',
      '        num_features=24,',
      '        stem_size=8,',
      '        pad_type="",',
      '        act_layer=nn.ReLU6,',
      '        norm_layer=partial(nn.BatchNorm2d, eps=0.01, momentum=0.2),',
      '    network.conv_stem.stride = (1, 1)',
    ])
      expect(program.split('\n')).toContain(line);
    expect(written({ padding: 'same' }).program('x')).toContain('pad_type="same"');
  });

  it('is refused where timm would round the channels inside layers, naming them', () => {
    const narrow = {
      stem: 12,
      stages: parseStages([['ir_r1_k3_e3_c12', 'ir_r1_k3_e6_c12', 'ir_r1_k3_e3_c16']]),
    };
    expect(() => written(narrow)).toThrow(
      expect.objectContaining({
        code: 'EXPORT_TIMM',
        message: expect.stringMatching(/blocks\.0\.0 40 for 36, blocks\.0\.2 40 for 36\.$/),
        hint: expect.stringContaining('space.innerDivisor: 8'),
      }),
    );
    expect(() => written({ ...narrow, innerDivisor: 8 })).not.toThrow();
  });

  it('is refused where it is no EfficientNet', () => {
    expect(() => networkToTimm(() => trained(tinyNetwork()), FACTS)).toThrow(
      expect.objectContaining({
        code: 'EXPORT_TIMM',
        message: expect.stringContaining('EfficientNet family'),
      }),
    );
  });
});
