/** What must and must not compile at the seams to compiled code; `npm run typecheck` fails where it is not so. */

import type { tf } from 'dna-nas/nn';
import { type KernelName, runKernel } from 'dna-nas/nn/kernels';
import { cudaKernel } from '../../dist/plugins/backend-cuda/cuda-kernel.js';
import { ownOp } from '../../dist/plugins/backend-cuda/kernels/own-ops.js';
import { window2D } from '../../dist/plugins/backend-torch/kernels/spatial-window.js';
import type { NativeOps } from '../../dist/plugins/backend-torch/native-ops.js';
import type { KernelCall } from '../../dist/plugins/backend-torch/torch-kernel.js';
import type { KernelMemory } from '../../dist/plugins/backend-wasm/kernel-memory.js';
import { wasmKernel } from '../../dist/plugins/backend-wasm/wasm-op.js';

declare const x: tf.Tensor;
declare const filter: tf.Tensor;
declare const memory: KernelMemory;
declare const info: tf.backend_util.Conv2DInfo;
declare const ops: NativeOps;
declare const tensor: KernelCall['tensor'];
const window = { strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] } as const;
const norm = { epsilon: 1e-3, activation: 'swish' } as const;

// An op is told of the kernel by its row: inputs, attributes, and what it answers.
const y: tf.Tensor = runKernel('Conv2d', { x, filter }, window);
const { dx, dgate } = runKernel('ChannelGateGrad', { dy: x, x, gate: y });
const list: readonly tf.Tensor[] = runKernel('Blend', [x, dx, x, dgate], { keep: 0.9, shares: [1, 1] });
// @ts-expect-error: a kernel that is not there
runKernel('Conv3d', { x, filter }, window);
// @ts-expect-error: an input of another kernel
runKernel('Conv2dGradInput', { x, filter }, { ...window, inputShape: x.shape });
// @ts-expect-error: an input is missing
runKernel('Conv2d', { x }, window);
// @ts-expect-error: inputs and attributes in each other's place
runKernel('Conv2d', window, { x, filter });
// @ts-expect-error: a list instead of names
runKernel('Conv2d', [x, filter], window);
// @ts-expect-error: names instead of a list
runKernel('Blend', { old: x, fresh: x }, { keep: 0.9, shares: [1] });
// @ts-expect-error: an attribute is missing
runKernel('Conv2dGradInput', { dy: x, filter }, window);
// @ts-expect-error: no attributes at all
runKernel('Conv2d', { x, filter });
// @ts-expect-error: attributes of a kernel without any
runKernel('GlobalMean', { x }, norm);
// @ts-expect-error: an activation that is not there
runKernel('Activate', { x }, { activation: 'gelu' });
// @ts-expect-error: padding of two numbers
runKernel('Conv2d', { x, filter }, { ...window, padding: [0, 0] });
// @ts-expect-error: one tensor of a kernel with three outputs
const one: tf.Tensor = runKernel('BatchNormTraining', { x, scale: x, offset: x }, norm);
// @ts-expect-error: an output of another kernel
const { dfilter } = runKernel('ChannelGateGrad', { dy: x, x, gate: y });

// A kernel of wasm takes and answers what its row has.
wasmKernel('Activate', ({ inputs, attributes }) => {
  const activation: 'none' | 'relu' | 'relu6' | 'swish' | 'sigmoid' = attributes.activation;
  return activation === 'none' ? inputs.x : memory.output(inputs.x.shape);
});
// @ts-expect-error: an input that the kernel does not have
wasmKernel('Activate', ({ inputs }) => inputs.dy);
// @ts-expect-error: an attribute that the kernel does not have
wasmKernel('Activate', ({ inputs, attributes }) => memory.output(attributes.inputShape ?? inputs.x.shape));
// @ts-expect-error: two outputs of three
wasmKernel('BatchNormTraining', ({ inputs: { x: y, scale } }) => ({ y, mean: scale }));
// @ts-expect-error: outputs by their order
wasmKernel('ChannelGateGrad', ({ inputs: { x, gate } }) => [x, gate]);

// What WebAssembly exports is called by names.
memory.kernels.activate({ x: 0, y: 4, size: 1, kind: 0 });
// @ts-expect-error: a parameter is missing
memory.kernels.activate({ x: 0, y: 4, size: 1 });
// @ts-expect-error: a parameter of another export
memory.kernels.activate({ x: 0, y: 4, size: 1, kind: 0, rows: 1 });
// @ts-expect-error: parameters by their order
memory.kernels.activate(0, 4, 1, 0);

// The addon of torch has a typed op for each kernel of tfjs.
ops.gatherV2(tensor('x'), tensor('indices'), 0, 0);
ops.convolve(tensor('x'), tensor('filter'), null, null, window2D(info), false, false, 'linear', 0);
// @ts-expect-error: tensors in each other's place
ops.gatherV2(tensor('indices'), tensor('x'), 0, 0);
// @ts-expect-error: an input that the kernel does not have
ops.softmax(tensor('x'), 1);
// @ts-expect-error: a number instead of a tensor
ops.relu(1);
// @ts-expect-error: a number is missing
ops.gatherV2(tensor('x'), tensor('indices'), 0);
// @ts-expect-error: a shape and a window in each other's place
ops.averagePoolGradient(tensor('dy'), window2D(info), [1, 2, 2, 1]);
// @ts-expect-error: a type that is not there
ops.cast(tensor('x'), 3);
// @ts-expect-error: an op that is not there
ops.tanhh(tensor('x'));

// A kernel of TensorFlow takes and answers what its row has, and so does an op of ours there.
cudaKernel('ScaleShift', (call, inputs, { activation }) =>
  ownOp(call, 'ScaleShift', { ...inputs, activation }),
);
// @ts-expect-error: an attribute is missing
cudaKernel('ScaleShift', (call, inputs) => ownOp(call, 'ScaleShift', inputs));
// @ts-expect-error: the op of another kernel
cudaKernel('ScaleShift', (call, inputs) => ownOp(call, 'ChannelDot', inputs));
cudaKernel('ActivateGrad', (call, { dy, x: input }) => call.op('ReluGrad', [dy, input]));
// @ts-expect-error: one output of two
cudaKernel('ChannelGateGrad', (call, { dy, gate }) => call.op('Mul', [dy, gate]));
// @ts-expect-error: an input of another kernel
cudaKernel('MatMulGradA', (call, { a, dy }) => call.op('MatMul', [a, dy]));

// @ts-expect-error: the table is closed
const other: KernelName = 'MatMulGradC';

export const used = { one, dfilter, list, other };
