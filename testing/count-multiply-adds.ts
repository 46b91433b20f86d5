import { tf } from 'dna-nas/nn';

type Inputs = Readonly<Record<string, tf.Tensor>>;
type Attributes = { readonly transposeA?: boolean } | undefined;

/**
 * Multiply-adds of the convolutions and matrix products that work runs, counted on the ops of the reference backend
 * themselves. Zeros of a filter count nothing: a dilated filter is spread with them.
 */
export function countMultiplyAdds(work: () => tf.TensorContainer): number {
  const engine = tf.engine();
  const own = Object.hasOwn(engine, 'runKernel');
  const runKernel = engine.runKernel;
  let count = 0;
  engine.runKernel = ((name: string, inputs: Inputs, attributes: Attributes) => {
    const output = runKernel.call(engine, name, inputs as never, attributes as never);
    count += multiplyAdds(name, inputs, [output].flat()[0] as tf.Tensor, attributes?.transposeA === true);
    return output;
  }) as typeof runKernel;
  try {
    tf.dispose(tf.tidy(work));
  } finally {
    if (own) engine.runKernel = runKernel;
    else Reflect.deleteProperty(engine, 'runKernel');
  }
  return count;
}

function multiplyAdds(
  name: string,
  { filter, a, b }: Inputs,
  output: tf.Tensor,
  transposed: boolean,
): number {
  if (/^(Fused)?(Conv2D|DepthwiseConv2d(Native)?)$/.test(name) && filter) {
    const [batch, height, width] = output.shape as [number, number, number];
    return batch * height * width * nonzeros(filter);
  }
  if (/^(BatchMatMul|_FusedMatMul)$/.test(name) && a && b) {
    return output.size * a.shape.at(transposed ? -2 : -1)!;
  }
  return 0;
}

function nonzeros(filter: tf.Tensor): number {
  return Array.from(filter.dataSync()).filter((value) => value !== 0).length;
}
