import { tf } from 'dna-nas/nn';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it } from 'vitest';
import { describeTorch } from './installed.js';

describeTorch('kernels that are not there', () => {
  beforeAll(() => startTorchBackend({ device: 'cpu' }));

  it('every kernel that the cpu backend has is registered', async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    const names = tf.getKernelsForBackend('cpu').map(({ kernelName }) => kernelName);
    expect(names.length).toBeGreaterThan(150);
    expect(names.filter((name) => !tf.getKernel(name, 'torch'))).toEqual([]);
  });

  it.each([
    ['Complex', (x: tf.Tensor1D) => tf.complex(x, x)],
    ['LRN', (x: tf.Tensor1D) => tf.localResponseNormalization(tf.reshape(x, [1, 1, 1, 1]) as tf.Tensor4D)],
    ['SparseToDense', (x: tf.Tensor1D) => tf.sparseToDense(tf.tensor1d([0], 'int32'), x, [2], 0)],
  ])('say their name and what to do: %s', (name, op) => {
    const error = thrownBy(() => tf.tidy(() => op(tf.tensor1d([1]))));
    expect(error).toMatchObject({ code: 'KERNEL_MISSING' });
    expect((error as Error).message).toContain(`no kernel "${name}"`);
  });

  it('a type of tensor is named that there is none of', () => {
    const error = thrownBy(() => tf.tensor1d(['text']));
    expect(error).toMatchObject({ code: 'DTYPE_NOT_OFFERED' });
    expect((error as Error).message).toContain('not string');
  });

  it('tfjs still does without the one that it only asks for', () => {
    expect(tf.getKernel('FromPixels', 'torch')).toBeUndefined();
    const image = tf.browser.fromPixels({ data: new Uint8Array([1, 2, 3, 255]), width: 1, height: 1 });
    expect(Array.from(image.dataSync())).toEqual([1, 2, 3]);
    image.dispose();
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
