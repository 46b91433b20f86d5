import type { Activation, BlendAttributes } from 'dna-nas/nn';
import { activationCode } from './activation-code.js';
import { inPlace } from './in-place.js';
import { namedKernel, namedListKernel } from './named-kernel.js';

interface Activated {
  readonly activation: Activation;
}

const scaleShift = namedKernel<Activated>('ScaleShift', ({ tensor, attributes, ops }) =>
  ops.scaleShift!(tensor('x'), tensor('scale'), tensor('shift'), activationCode(attributes.activation)),
);
const activate = namedKernel<Activated>('Activate', ({ tensor, attributes, ops }) =>
  ops.activate!(tensor('x'), activationCode(attributes.activation)),
);
const activateGrad = namedKernel<Activated>('ActivateGrad', ({ tensor, attributes, ops }) =>
  ops.activateGrad!(tensor('dy'), tensor('x'), activationCode(attributes.activation)),
);
const globalMean = namedKernel('GlobalMean', ({ tensor, ops }) => ops.globalMean!(tensor('x')));
const globalMeanGrad = namedKernel<{ readonly inputShape: number[] }>(
  'GlobalMeanGrad',
  ({ tensor, attributes, ops }) => ops.globalMeanGrad!(tensor('dy'), attributes.inputShape),
);
const channelGate = namedKernel('ChannelGate', ({ tensor, ops }) =>
  ops.channelGate!(tensor('x'), tensor('gate')),
);
const channelGateGrad = namedListKernel('ChannelGateGrad', ({ tensor, ops }) =>
  ops.channelGateGrad!(tensor('dy'), tensor('x'), tensor('gate')),
);
const channelGateShift = namedKernel('ChannelGateShift', ({ tensor, ops }) =>
  ops.channelGateShift!(tensor('x'), tensor('gate'), tensor('shift')),
);
const channelDot = namedKernel('ChannelDot', ({ tensor, ops }) => ops.channelDot!(tensor('a'), tensor('b')));
const blend = namedListKernel<BlendAttributes>('Blend', ({ inputs, attributes, backend, ops }) => {
  const { keep, shares } = attributes;
  const olds = Object.values(inputs).filter((_, index) => index % 2 === 0);
  return inPlace(backend, olds, (may) => ops.blend!(backend.handles(inputs), keep, shares, may));
});
const squaredError = namedKernel('SquaredError', ({ tensor, ops }) =>
  ops.squaredError!(tensor('y'), tensor('target')),
);
const squaredErrorGrad = namedKernel('SquaredErrorGrad', ({ tensor, ops }) =>
  ops.squaredErrorGrad!(tensor('dloss'), tensor('y'), tensor('target')),
);
const softmaxCrossEntropy = namedListKernel<{ readonly smoothing: number }>(
  'SoftmaxCrossEntropy',
  ({ tensor, attributes, ops }) =>
    ops.classificationLoss!(tensor('logits'), tensor('labels'), attributes.smoothing),
);

export const ELEMENTWISE = [
  ...[scaleShift, activate, activateGrad],
  ...[globalMean, globalMeanGrad, channelGate, channelGateGrad, channelGateShift, channelDot],
  ...[squaredError, squaredErrorGrad, softmaxCrossEntropy, blend],
];
