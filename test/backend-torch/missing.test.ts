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

  it('say their name and what to do', () => {
    const real = tf.tensor1d([1]);
    let error: unknown;
    try {
      tf.complex(real, real);
    } catch (thrown) {
      error = thrown;
    }
    real.dispose();
    expect(error).toMatchObject({ code: 'KERNEL_MISSING' });
    expect((error as Error).message).toContain('no kernel "Complex"');
  });

  it('tfjs still does without the one that it only asks for', () => {
    expect(tf.getKernel('FromPixels', 'torch')).toBeUndefined();
    const image = tf.browser.fromPixels({ data: new Uint8Array([1, 2, 3, 255]), width: 1, height: 1 });
    expect(Array.from(image.dataSync())).toEqual([1, 2, 3]);
    image.dispose();
  });
});
