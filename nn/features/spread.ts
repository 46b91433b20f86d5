import { mean, type Scalar, sqrt, square, sub, type Tensor, tidy } from '../tensor.js';

/** Variance of a feature map over all its elements (population). Any shape → []. */
export function featureVariance(x: Tensor): Scalar {
  return tidy(() => mean<Scalar>(square(sub(x, mean(x)))));
}

/** Standard deviation σ of a feature map over all its elements (population). Any shape → []. */
export function featureDeviation(x: Tensor): Scalar {
  return tidy(() => sqrt(featureVariance(x)));
}
