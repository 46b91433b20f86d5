import type { Traced } from '../tracing/operand.js';
import { reshaped } from '../tracing/reshape.js';
import { combined } from './arithmetic.js';
import { type KernelCall, type Mappings, tracedInput } from './mapping.js';

/** x [n, h, w, c] times gate [n, c]. */
function channelGate(call: KernelCall): Traced {
  const { recording } = call;
  const [x, gate] = [tracedInput(call, 'x'), tracedInput(call, 'gate')];
  const [batch, channels] = gate.shape as [number, number];
  return combined(recording, 'Mul', [x, reshaped(recording, gate, [batch, 1, 1, channels])]);
}

/** What squeeze-and-excitation does to a map. */
export const gates: Mappings = { DnaChannelGate: channelGate };
