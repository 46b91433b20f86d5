import { DnaError } from 'dna-nas/errors';
import { tf } from 'dna-nas/nn';
import { startTorchBackend, type TorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';
import { MBConvTraining } from './mb-conv-training.js';

const LIMIT_MEGABYTES = 256;

describeTorch('memory', () => {
  let backend: TorchBackend;
  beforeAll(async () => {
    backend = await startTorchBackend({ device: 'cpu', memory: LIMIT_MEGABYTES });
  });

  it('does not grow over 1,000 steps', () => {
    const training = new MBConvTraining();
    const after = (first: number, end: number) => {
      for (let step = first; step < end; step++) training.step(step);
      backend.native.trim();
      return { ...backend.native.memory(), tfjs: tf.memory().numTensors };
    };
    const early = after(0, 20);
    const late = after(20, 1000);
    expect(late.tensors).toBe(early.tensors);
    expect(late.tfjs).toBe(early.tfjs);
    // A tensor may lie in a freed block that is up to an eighth larger; one lost a step would be twice what is held.
    expect(late.used).toBeLessThanOrEqual(early.used * 1.125);
    expect(late.cached).toBe(0);
    training.dispose();
  });

  it('is free again when tfjs has disposed of a tensor, its views and its clones', () => {
    const before = backend.native.memory();
    const x = tf.tensor2d(new Float32Array(1 << 16).fill(1), [256, 256]);
    const view = tf.tidy(() => tf.transpose(tf.reshape(x, [128, 512])));
    const clone = tf.clone(x);
    expect(backend.native.memory().used).toBeGreaterThan(before.used);
    x.dispose();
    clone.dispose();
    expect(view.dataSync()[0]).toBe(1);
    view.dispose();
    expect(backend.native.memory()).toMatchObject({ used: before.used, tensors: before.tensors });
  });

  it('ends in an error that tells size, what is in use and what there is, and goes on', () => {
    const tensors = tf.memory().numTensors;
    const tooMuch = () => tf.tidy(() => tf.zeros([LIMIT_MEGABYTES, 1024, 1024]));
    expect(tooMuch).toThrow(DnaError);
    expect(tooMuch).toThrow(
      /^The torch backend is out of memory: 1024 MB were wanted while tensors hold .* MB; it has 256 MB/,
    );
    expect(tf.memory().numTensors).toBe(tensors);
    expect(tf.tidy(() => tf.add(1, 1).dataSync()[0])).toBe(2);
  });

  it('makes room by giving cached blocks of other sizes back', () => {
    for (const rows of [20, 24, 28, 32, 36, 40, 44, 48]) tf.zeros([rows, 1024, 1024]).dispose();
    expect(tf.tidy(() => tf.zeros([60, 1024, 1024]).size)).toBe(60 * 2 ** 20);
  });
});
