import { type FeatureShape, type ForwardContext, Module, type ModuleTensor } from '../module.js';
import { matMul } from '../ops/index.js';
import { add, type Tensor, tidy } from '../tensor.js';
import { uniformFanOut, zeros } from './initialisers.js';

export interface LinearOptions {
  readonly inputs: number;
  readonly outputs: number;
  /** @default true */
  readonly bias?: boolean;
}

/** A linear layer: [n, inputs] → [n, outputs]. Tensors: `weight` ([outputs, inputs] in files), `bias`. */
export class Linear extends Module {
  static override readonly repeatable = true;

  /** [inputs, outputs] */
  readonly weight: ModuleTensor;
  /** [outputs] */
  readonly bias: ModuleTensor | undefined;

  constructor(readonly options: LinearOptions) {
    super();
    const { inputs, outputs, bias = true } = options;
    this.weight = this.parameter('weight', [inputs, outputs], {
      initialiser: uniformFanOut,
      layout: 'linear',
    });
    if (bias) this.bias = this.parameter('bias', [outputs], { initialiser: zeros });
  }

  override forward(x: Tensor, _context: ForwardContext): Tensor {
    return tidy(() => {
      const y = matMul(x, this.weight.value);
      return this.bias ? add(y, this.bias.value) : y;
    });
  }

  override trace(input: FeatureShape): { output: FeatureShape; macs: number } {
    const { inputs, outputs } = this.options;
    if (input.height * input.width * input.channels !== inputs) {
      throw new RangeError(
        `Linear was made for a vector of ${inputs} and got ${input.height}×${input.width}×${input.channels}.`,
      );
    }
    return { output: { height: 1, width: 1, channels: outputs }, macs: this.weight.size };
  }

  override withoutBatchNorm(): Linear {
    return new Linear(this.options);
  }
}
