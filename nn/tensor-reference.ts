import { engine, keep, type Tensor } from './tensor.js';

/** The same data under one more reference, without an op; kept until it is disposed. */
export function keptReference({ dataId, shape, dtype }: Tensor): Tensor {
  engine().backend.incRef(dataId);
  return keep(engine().makeTensorFromTensorInfo({ dataId, shape, dtype }));
}
