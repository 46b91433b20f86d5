import type { Plugin } from 'dna-nas/core';

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
