import type { JsonObject, Plugin, PluginReference } from '../plugin/plugin.js';
import type { SlotPath } from '../plugin/slots.js';

/** A plugin chosen in a slot: a short or full name, a file, the same with options, or a plugin itself. */
export type PluginChoice = string | PluginChoiceWithOptions | Plugin;

export interface PluginChoiceWithOptions {
  /** `cosine`, `loss-cosine`, `./my-loss.ts` or `./my-loss.ts#myLoss`. */
  readonly use?: string;
  readonly [option: string]: unknown;
}

/** What a user writes: `dna.config.ts` and its kin. */
export interface UserConfig {
  /** A preset's name, or a file relative to this one, whose values are the defaults of these. */
  readonly extends?: string;
  /** Folder of the run below `runs`. @default the preset's name, or `run` */
  readonly name?: string;
  /** @default 1 */
  readonly seed?: number;
  /**
   * Network to train from scratch instead of searching one: a published one by name (`dna-a`), or a text that the space
   * reads. Such a run has no teacher, and uses the slots `backend`, `data`, `space` and `retrain` alone.
   */
  readonly architecture?: string;
  /** Networks to train from scratch instead of searching one, each alone and `trainings` times. */
  readonly architectures?: readonly string[];
  /** Trainings of each of `architectures`, by the seeds 1, 2, … @default 1 */
  readonly trainings?: number;
  /** Folder that holds run folders. @default 'runs' */
  readonly runs?: string;
  /** Worker threads; 0 means one a core, at most 8, and one where a single network is trained. @default 0 */
  readonly workers?: number;
  /** Seconds between timed checkpoints. @default 60 */
  readonly checkpointSeconds?: number;
  readonly backend?: PluginChoice;
  readonly data?: PluginChoice;
  readonly teacher?: PluginChoice;
  readonly partition?: PluginChoice;
  readonly space?: PluginChoice;
  readonly supernet?: PluginChoice;
  readonly distill?: PluginChoice;
  readonly rank?: PluginChoice;
  readonly search?: PluginChoice;
  readonly retrain?: PluginChoice;
  /** Where the tasks are executed. @default local: by this process */
  readonly launcher?: PluginChoice;
  /** @default ['console', 'json'] */
  readonly reports?: readonly PluginChoice[];
  /** Plugins that are asked before those of the slots; they are added to those of what this extends. */
  readonly plugins?: readonly PluginChoice[];
  /**
   * What `--smoke` lays over all of this: few steps, small images, so that every stage runs within minutes. A program
   * may give a function of the project's folder instead, which may prepare files there.
   */
  readonly smoke?: SmokeConfig | ((project: string) => SmokeConfig | Promise<SmokeConfig>);
}

/** A configuration that is only laid over another one. */
export type SmokeConfig = Omit<UserConfig, 'extends' | 'smoke'>;

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

/** How a run was configured, as its folder and this machine keep it. */
export interface RunConfiguration {
  readonly name: string;
  /** The built-in preset that it was made of. */
  readonly preset: string | null;
  readonly values: UserConfig;
}

/** What the command line, or a program, asks for. */
export interface ConfigRequest {
  /** Folder where the search for a configuration starts; relative paths start from it. @default process.cwd() */
  readonly project?: string;
  /** Named file instead of a search; `false`: none. */
  readonly configFile?: string | false;
  /** A configuration in memory instead of a file. */
  readonly config?: UserConfig;
  /** How an earlier run was configured, instead of a file and a preset. */
  readonly likeRun?: RunConfiguration;
  readonly preset?: string;
  /** Lay the configuration's `smoke` over its values, below `set`. @default false */
  readonly smoke?: boolean;
  /** `architecture` of the configuration; unless `--set name` says otherwise, the run's name gets a part for it. */
  readonly architecture?: string;
  /** `architectures` of the configuration, and `trainings` of each; the run's name gets `-truth`. */
  readonly architectures?: readonly string[];
  readonly trainings?: number;
  /** `path=value` in order; values are read as YAML. */
  readonly set?: readonly string[];
  /** Files, packages or built-in names. */
  readonly plugins?: readonly string[];
}
