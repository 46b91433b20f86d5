import { tf } from 'dna-nas/nn';
import { KERNEL_NAMES, KERNEL_PREFIX, requireKernels } from 'dna-nas/nn/kernels';
import { startTorchBackend } from 'dna-nas/plugins/backend-torch';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { describeTorch } from './installed.js';

/** Written for the CPU alone, or, of the classification's loss, without a kernel on GPUs. */
const NOT_ON_GPUS = ['MbConvTraining', 'MbConvTrainingGrad', 'MbConvFolded', 'SoftmaxCrossEntropy'];

describeTorch('the trial of the kernels', () => {
  beforeAll(() => startTorchBackend({ device: 'cpu', threads: 1 }));

  it('runs each of ours, beside the composition of plain ops, and leaves nothing behind', async () => {
    const before = tf.memory().numTensors;
    const { kernelNames } = await tf.profile(async () => {
      await requireKernels();
      return [];
    });
    const ran = KERNEL_NAMES.filter((name) => kernelNames.includes(KERNEL_PREFIX + name));
    expect([...ran, ...NOT_ON_GPUS].sort()).toEqual([...KERNEL_NAMES].sort());
    expect(kernelNames).toContain('DepthwiseConv2dNative');
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the kernel that is wrong', async () => {
    const name = `${KERNEL_PREFIX}GlobalMean`;
    const own = tf.getKernel(name, 'torch')!;
    const replace = (kernel: tf.KernelConfig) => {
      tf.unregisterKernel(name, 'torch');
      tf.registerKernel(kernel);
    };
    onTestFinished(() => replace(own));
    replace({
      ...own,
      kernelFunc: (call) => {
        const mean = own.kernelFunc(call) as tf.TensorInfo;
        return tf.add(tf.engine().makeTensorFromTensorInfo(mean), 0.01);
      },
    });
    await expect(requireKernels()).rejects.toThrow(
      /^GlobalMean, GlobalMeanGrad: result 0 is \d\.\de-\d of its largest value away from the composition/,
    );
  });
});
