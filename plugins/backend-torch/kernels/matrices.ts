import { type TorchKernel, torchKernel } from '../torch-kernel.js';
import { type Fused, fusedInputs } from './fused.js';

interface ProductAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const batchMatMul = torchKernel<ProductAttributes>('BatchMatMul', ({ tensor, attributes, ops }) =>
  ops.batchMatMul(tensor('a'), tensor('b'), attributes.transposeA, attributes.transposeB),
);

const fusedMatMul = torchKernel<ProductAttributes & Fused>('_FusedMatMul', (call) => {
  const { transposeA, transposeB } = call.attributes;
  const { bias, slopes, activation, slope } = fusedInputs(call);
  call.ops.fusedMatMul(
    call.tensor('a'),
    call.tensor('b'),
    bias,
    slopes,
    transposeA,
    transposeB,
    activation,
    slope,
  );
});

const diag = torchKernel('Diag', ({ tensor, ops }) => ops.diagonalOf(tensor('x')));

const bandPart = torchKernel('MatrixBandPart', ({ tensor, ops }) =>
  ops.bandPart(tensor('input'), tensor('numLower'), tensor('numUpper')),
);

export const MATRIX_KERNELS: readonly TorchKernel[] = [batchMatMul, fusedMatMul, diag, bandPart];
