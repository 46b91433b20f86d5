import type { JsonObject, PluginReference } from '../plugin/plugin.js';
import type { SlotPath } from '../plugin/slots.js';

/** Where a value came from, weakest first. */
/** `program` is a configuration handed over in memory. */
export type ValueSource =
  | 'default'
  | `preset ${string}`
  | `file ${string}`
  | `run ${string}`
  | 'program'
  | `smoke of ${string}`
  | `recipe ${string}`
  | '--set'
  | '--plugin'
  | 'flag';

/** One plugin of the run, in the order of adding. */
export interface ResolvedPlugin {
  readonly name: string;
  readonly reference: PluginReference;
  /** Where it was chosen; without one it answers wherever it taps. */
  readonly slot?: SlotPath | 'reports';
  readonly source: ValueSource;
  /** Of the module's file, for plugins that are not built in. */
  readonly sha256?: string;
}

/** Plain data that fixes a run: stored in its folder, given to workers. */
export interface ResolvedConfig {
  /** `dna-nas` version that resolved it. */
  readonly version: string;
  readonly preset: string | null;
  readonly name: string;
  readonly seed: number;
  /** The whole tree after defaults: slots as `{ use, …options }`. */
  readonly values: JsonObject;
  readonly plugins: readonly ResolvedPlugin[];
  /** Source of each leaf by dotted path. */
  readonly sources: Readonly<Record<string, ValueSource>>;
  /** Why values that a preset derived from the data are as they are, by dotted path. */
  readonly reasons?: Readonly<Record<string, string>>;
  /** Options of kind `machine` and `display` by dotted path, kept apart from `values`; never stored. */
  readonly machine: JsonObject;
}
