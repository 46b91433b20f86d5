import { wasmKernel } from '../wasm-op.js';
import { imagesOf } from './global-mean.js';

export const channelGate = wasmKernel('ChannelGate', ({ inputs: { x, gate }, memory }) => {
  const { batch, pixels, channels } = imagesOf(x.shape);
  const y = memory.output(x.shape);
  memory.kernels.channelGate({
    x: memory.offset(x),
    gate: memory.offset(gate),
    y: memory.offset(y),
    batch,
    pixels,
    channels,
  });
  return y;
});

export const channelGateGrad = wasmKernel('ChannelGateGrad', ({ inputs: { dy, x, gate }, memory }) => {
  const { batch, pixels, channels } = imagesOf(x.shape);
  const [dx, dgate] = [memory.output(x.shape), memory.output(gate.shape)];
  memory.kernels.channelGateGrad({
    dy: memory.offset(dy),
    x: memory.offset(x),
    gate: memory.offset(gate),
    dx: memory.offset(dx),
    dgate: memory.offset(dgate),
    batch,
    pixels,
    channels,
  });
  return { dx, dgate };
});
