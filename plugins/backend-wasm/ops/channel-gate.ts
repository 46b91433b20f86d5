import { KERNEL_PREFIX } from 'dna-nas/nn';
import { input, wasmOp } from '../wasm-op.js';
import type { FourExtents } from './convolution-sizes.js';

export const channelGate = wasmOp(`${KERNEL_PREFIX}ChannelGate`, (call) => {
  const { memory } = call;
  const x = input(call, 'x');
  const gate = memory.offset(input(call, 'gate'));
  const [batch, height, width, channels] = x.shape as unknown as FourExtents;
  const y = memory.output(x.shape);
  memory.kernels.channelGate(memory.offset(x), gate, memory.offset(y), batch, height * width, channels);
  return y;
});

export const channelGateGrad = wasmOp(`${KERNEL_PREFIX}ChannelGateGrad`, (call) => {
  const { memory } = call;
  const x = input(call, 'x');
  const gate = input(call, 'gate');
  const [batch, height, width, channels] = x.shape as unknown as FourExtents;
  const dx = memory.output(x.shape);
  const dgate = memory.output(gate.shape);
  const inputs = [input(call, 'dy'), x, gate].map((tensor) => memory.offset(tensor));
  const outputs = [memory.offset(dx), memory.offset(dgate)];
  memory.kernels.channelGateGrad(...inputs, ...outputs, batch, height * width, channels);
  return [dx, dgate];
});
