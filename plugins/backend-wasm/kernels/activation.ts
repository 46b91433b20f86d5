import { multiplyAdd } from './lanes';
import { onePlusExponential, sigmoid } from './sigmoid';

/** The numbers under which TypeScript passes an activation (`ACTIVATION_CODES` in nn). */
export const NONE: i32 = 0;
const RELU: i32 = 1;
const RELU6: i32 = 2;
export const SWISH: i32 = 3;
const SIGMOID: i32 = 4;

@inline
export function applyActivation(kind: i32, z: v128): v128 {
  if (kind == SWISH) return f32x4.div(z, onePlusExponential(z));
  if (kind == RELU) return f32x4.pmax(z, f32x4.splat(0));
  if (kind == RELU6) return f32x4.pmin(f32x4.pmax(z, f32x4.splat(0)), f32x4.splat(6));
  if (kind == SIGMOID) return sigmoid(z);
  return z;
}

/** dy times the activation's slope at z. */
@inline
export function activationGradient(kind: i32, dy: v128, z: v128): v128 {
  if (kind == SWISH) {
    const gate = sigmoid(z);
    const slope = multiplyAdd(f32x4.splat(1), z, f32x4.sub(f32x4.splat(1), gate));
    return f32x4.mul(f32x4.mul(dy, gate), slope);
  }
  if (kind == RELU) return v128.and(dy, f32x4.gt(z, f32x4.splat(0)));
  if (kind == RELU6) {
    return v128.and(dy, v128.and(f32x4.gt(z, f32x4.splat(0)), f32x4.lt(z, f32x4.splat(6))));
  }
  if (kind == SIGMOID) {
    const gate = sigmoid(z);
    return f32x4.mul(dy, f32x4.mul(gate, f32x4.sub(f32x4.splat(1), gate)));
  }
  return dy;
}
