import type { Plugin } from 'dna-nas/core';
import type { BuiltInPlugins, CoreOptions, PresetName } from './built-in.js';
import type { PluginChoiceWithOptions } from './user-config.js';

export type { PresetName };

/** A plugin from a file, of a package's folder or by its export: `./my-loss.ts`, `@mine/losses`, `losses#mine`. */
export type Elsewhere =
  | `./${string}`
  | `../${string}`
  | `/${string}`
  | `file:${string}`
  | `@${string}/${string}`
  | `${string}#${string}`;

declare const FROM: unique symbol;

/** A plugin from elsewhere with its options, as `pluginFrom` makes it. */
export type PluginFrom = {
  readonly use: string;
  readonly [FROM]: true;
};

/**
 * A plugin from a file or package with options that no type is known of. One that is imported needs it not: its
 * factory takes the options with their types.
 *
 *     distill: { loss: pluginFrom('./my-loss.ts', { power: 1.5 }) }
 */
export function pluginFrom(use: string, options: Readonly<Record<string, unknown>> = {}): PluginFrom {
  return { ...options, use } as unknown as PluginFrom;
}

type Kind = keyof BuiltInPlugins;
type NameOf<Of extends Kind> = keyof BuiltInPlugins[Of] & string;
/** An empty object would let anything pass, a number too. */
type NoSlots = unknown;

/** Full names and short ones: `loss-cosine`, `cosine`. */
type Named<Of extends Kind> = NameOf<Of> | `${Of}-${NameOf<Of>}`;

/** One plugin by name with its own options, or, without a name, options of the one that stands there already. */
type Configured<Of extends Kind, Slots> = {
  [Name in NameOf<Of>]:
    | ({ readonly use: Name | `${Of}-${Name}` } & BuiltInPlugins[Of][Name] & Slots)
    | ({ readonly use?: undefined } & BuiltInPlugins[Of][Name] & Slots);
}[NameOf<Of>];

/** What may stand in a slot for plugins of a kind; `Slots` are those inside of it. */
export type Choice<Of extends Kind, Slots = NoSlots> =
  | Named<Of>
  | Elsewhere
  | Plugin
  | PluginFrom
  | Configured<Of, Slots>
  | ({ readonly use: Elsewhere } & Slots);

/** A plugin of any kind, by its full name or from elsewhere. */
type AnyPlugin =
  | { [Of in Kind]: `${Of}-${NameOf<Of>}` }[Kind]
  | Elsewhere
  | Plugin
  | PluginFrom
  | (PluginChoiceWithOptions & { readonly use: string });

// Types and no interfaces, which would have no index signature: a configuration also is a `UserConfig`.
type TrainingSlots = {
  readonly optimiser?: Choice<'optimiser'>;
  readonly learningRate?: Choice<'schedule'>;
};
type SupernetSlots = { readonly sampler?: Choice<'sampler'> };
type DistillSlots = TrainingSlots & { readonly loss?: Choice<'loss'>; readonly step?: Choice<'step'> };
type RankSlots = { readonly rating?: Choice<'rating'> };
type SearchSlots = { readonly scale?: Choice<'scale'> };

/** What `smoke` lays over a configuration. */
export interface Smoke extends CoreOptions {
  readonly backend?: Choice<'backend'>;
  readonly data?: Choice<'data'>;
  readonly teacher?: Choice<'teacher'>;
  readonly partition?: Choice<'partition'>;
  readonly space?: Choice<'space'>;
  readonly supernet?: Choice<'supernet', SupernetSlots>;
  readonly distill?: Choice<'distill', DistillSlots>;
  readonly rank?: Choice<'rank', RankSlots>;
  readonly search?: Choice<'search', SearchSlots>;
  readonly retrain?: Choice<'retrain', TrainingSlots>;
  /** @default ['console', 'json'] */
  readonly reports?: readonly Choice<'report'>[];
  /** Plugins that are asked before those of the slots; they are added to those of what this extends. */
  readonly plugins?: readonly AnyPlugin[];
}

/** A configuration whose presets, plugins and options are known by name. */
export interface Config extends Smoke {
  /** A preset's name, or a file relative to this one, whose values are the defaults of these. */
  readonly extends?: PresetName | Elsewhere;
  /**
   * What `--smoke` lays over all of this: few steps, small images, so that every stage runs within minutes. A function
   * is given the project's folder and may prepare files there.
   */
  readonly smoke?: Smoke | ((project: string) => Smoke | Promise<Smoke>);
}

/** Gives a configuration its types: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}
