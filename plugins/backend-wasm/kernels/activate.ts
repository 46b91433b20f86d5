import { activationGradient, applyActivation } from './activation';
import { floats, put, take } from './lanes';

/** y = activation(x) over `size` floats. */
export function activate(x: usize, y: usize, size: i32, kind: i32): void {
  const full = size & ~3;
  for (let i = 0; i < full; i += 4)
    v128.store(y + floats(i), applyActivation(kind, v128.load(x + floats(i))));
  const rest = size - full;
  if (rest) put(y + floats(full), applyActivation(kind, take(x + floats(full), rest)), rest);
}

/** dx = dy · activation'(x) over `size` floats. */
export function activateGrad(dy: usize, x: usize, dx: usize, size: i32, kind: i32): void {
  const full = size & ~3;
  for (let i = 0; i < full; i += 4) {
    const at = floats(i);
    v128.store(dx + at, activationGradient(kind, v128.load(dy + at), v128.load(x + at)));
  }
  const rest = size - full;
  const at = floats(full);
  if (rest) put(dx + at, activationGradient(kind, take(dy + at, rest), take(x + at, rest)), rest);
}
