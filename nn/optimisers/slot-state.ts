import type { StateDict } from 'dna-nas/core/contracts';
import type { Tensor } from '../tensor.js';
import type { StateEntry } from '../weights/state-dict.js';
import type { UpdateRule } from './update-rule.js';

/** What an optimiser knows of one parameter. */
export interface SlotState {
  /** In the order of the rule's declaration; the optimiser's own. */
  slots: readonly Tensor[];
  /** Steps taken so far. */
  steps: number;
}

const STEPS = 'steps';

/** Slots as `<slot>/<parameter>` and counts as `steps/<parameter>`, by value. */
export function dumpSlots(rule: UpdateRule, states: ReadonlyMap<string, SlotState>): StateDict {
  const dict: StateDict = new Map();
  for (const [name, { slots, steps }] of states) {
    rule.slots.forEach((slot, index) => {
      const tensor = slots[index]!;
      dict.set(`${slot.name}/${name}`, {
        shape: [...tensor.shape],
        data: (tensor.dataSync() as Float32Array).slice(),
      });
    });
    dict.set(`${STEPS}/${name}`, { shape: [], data: Float32Array.of(steps) });
  }
  return dict;
}

/** Reads what `dumpSlots` wrote, and refuses slots of another optimiser or a parameter without all of its own. */
export function readSlots(
  rule: UpdateRule,
  dict: StateDict,
): Map<string, { readonly slots: readonly StateEntry[]; readonly steps: number }> {
  const known = new Set([STEPS, ...rule.slots.map((slot) => slot.name)]);
  for (const key of dict.keys()) {
    if (key.includes('/') && known.has(key.slice(0, key.indexOf('/')))) continue;
    throw new Error(
      `"${key}" is not of the state of ${rule.name}, which has ${[...known].join(', ')} for each parameter. ` +
        'Load the state into the kind of optimiser that wrote it.',
    );
  }
  const names = new Set([...dict.keys()].map((key) => key.slice(key.indexOf('/') + 1)));
  return new Map([...names].map((name) => [name, readSlotState(rule, dict, name)]));
}

function readSlotState(rule: UpdateRule, dict: StateDict, name: string) {
  const entry = (slot: string) => {
    const found = dict.get(`${slot}/${name}`);
    if (found) return found;
    throw new Error(`The state of ${rule.name} lacks "${slot}/${name}"; it is incomplete.`);
  };
  return { slots: rule.slots.map((slot) => entry(slot.name)), steps: entry(STEPS).data[0] ?? 0 };
}
