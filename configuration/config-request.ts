import type { UserConfig } from './user-config.js';

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
