import type { FileLayer } from 'dna-nas/files';
import type { ResolvedConfig } from '../config/types.js';
import type { Block } from '../contracts/index.js';
import type { RunHooks } from '../hooks.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** How another thread, process or a resumed run reaches the same plugin. */
export interface PluginReference {
  /** A plugin of ours by its name (`dna-nas/plugins/loss-cosine`), a package's export, or a file of the project. */
  readonly module: string;
  /** Its export: the factory, or the plugin itself. `default.plugins.0` reaches into a configuration. */
  readonly export: string;
  readonly options: JsonObject;
}

/** What `apply` is given: the run as a plugin sees it. */
export interface PluginRun {
  readonly hooks: RunHooks;
  readonly seed: number;
  /** The folder that relative paths of the configuration start from. */
  readonly project: string;
  /**
   * Names or texts of the networks that the run trains, if it was given any: such a run has no teacher and no search.
   */
  readonly architectures?: readonly string[];
  /** Whether this thread is the main one, where past-tense hooks run. */
  readonly main: boolean;
  /** Plain data from which `applyPlugins` makes the same run in another thread; absent if it was made otherwise. */
  readonly config?: ResolvedConfig;
  /** Threads of this process that execute tasks. @default 1 */
  readonly workers?: number;
  /**
   * Cores that this thread may keep busy now, a share of those that it has with the other workers and with other
   * processes of the run on this machine. Absent: nobody has shared them out.
   */
  cores?(): number;
  /** The disk that caches lie on, which tests make fail. @default the real one */
  readonly files?: FileLayer;
  /**
   * Asks a resolve hook and passes the answer on through the waterfall of its noun; throws `HOOK_UNANSWERED` with
   * what to add if nobody answers. For plugins that need another one's answer (`distill` asks for the loss).
   */
  resolve<Name extends ResolveHook>(hook: Name, slot: string): Promise<ResolveAnswer<Name>>;
}

export type ResolveHook = Extract<keyof RunHooks, `resolve${string}`>;
export type ResolveAnswer<Name extends ResolveHook> = NonNullable<
  Awaited<ReturnType<RunHooks[Name]['promise']>>
>;

/** A plugin, ready to be applied: it only taps. */
export interface Plugin {
  readonly name: string;
  readonly reference?: PluginReference;
  apply(run: PluginRun): void;
}

/** Kind of an option: part of the run's identity, a matter of the machine, or of what is shown. */
export type OptionKind = 'result' | 'machine' | 'display';

/** One option's JSON schema; `description` is required, `kind` defaults to `result`. */
export interface OptionSchema {
  readonly description: string;
  readonly kind?: OptionKind;
  readonly default?: Json;
  readonly [keyword: string]: unknown;
}

/**
 * JSON schemas of a plugin's options by name: one for each of `Options`, and no other. Options without a default and
 * not `required` may be absent.
 */
export interface OptionsSchema<Options extends object = object> {
  readonly properties: IsUnknown<Options> extends true
    ? Readonly<Record<string, OptionSchema>>
    : { readonly [Name in keyof Options]-?: OptionSchema };
  readonly required?: readonly (IsUnknown<Options> extends true ? string : Extract<keyof Options, string>)[];
}

/** Whether nothing is said of the options: `object`. */
type IsUnknown<Options extends object> = [keyof Options] extends [never] ? true : false;

/** A definition with a schema wherever there are options. */
export type CompleteDefinition<Options extends object> = PluginDefinition<Options> &
  (IsUnknown<Options> extends true ? unknown : { readonly options: OptionsSchema<Options> });

export interface PluginDefinition<Options extends object> {
  /** Folder name, export path and tap name: `loss-cosine`. */
  readonly name: string;
  /** What it does, one line. */
  readonly description: string;
  /** `import.meta.url` of the file that exports the factory, or the package export it is reached by. */
  readonly module?: string;
  /** The factory's name among the module's exports. Default `default`. */
  readonly export?: string;
  readonly options?: OptionsSchema<Options>;
  readonly recipes?: Recipes;
  /**
   * What options leave to the run's teacher: where they are as in `when`, `make` makes values of the blocks that teacher
   * and space are cut into. They take the place of what was said, so that nobody who reads the configuration needs the
   * teacher. Asked of plugins in slots that are not nested, where a run has a teacher.
   */
  readonly derive?: { readonly when: Partial<Options>; readonly make: OptionsDerivation<Options> };
  /** Commands that live where their knowledge is: `teacher train`. */
  readonly commands?: readonly PluginCommand[];
  apply(run: PluginRun, options: Readonly<Options>): void;
}

export type OptionsDerivation<Options extends object = object> = (
  blocks: readonly Block[],
) => DerivedOptions<Options>;

/** Values of options, and why each is as it is, by option. */
export interface DerivedOptions<Options extends object = object> {
  readonly values: Partial<Options>;
  readonly reasons: Readonly<Record<string, string>>;
}

/** Bundles of values that one option of a plugin chooses by name; each value can still be set on its own. */
export interface Recipes {
  /** The slot that the plugin stands in: `retrain`. */
  readonly slot: string;
  /** The option that chooses, a text: `recipe`. */
  readonly option: string;
  /**
   * By name, configurations such as a file holds. Values for other slots are wishes: they are left out where the
   * plugin there has no such option.
   */
  readonly bundles: Readonly<Record<string, JsonObject>>;
}

/** A command that `dna` parses by its schema and dispatches: `dna teacher train --epochs 10`. */
export interface PluginCommand {
  /** Up to three words: `teacher train`, `backend install torch`. */
  readonly name: string;
  readonly description: string;
  readonly options: OptionsSchema;
  /** Option that may also stand without its flag: `dna evaluate runs/quickstart`. */
  readonly argument?: string;
  /** Whether it hears `tools.signal`, saves and throws `stopped()`. Otherwise a signal ends the process. @default false */
  readonly stoppable?: boolean;
  run(options: Readonly<JsonObject>, tools: CommandTools): Promise<void>;
}

/** What a command is given by whoever dispatches it. */
export interface CommandTools {
  /** Folder that relative paths start from. */
  readonly project: string;
  /** Data for the caller, on standard output. */
  print(text: string): void;
  /** Progress and remarks, on standard error. */
  note(text: string): void;
  /** Aborted when the process is asked to stop, for a command that is `stoppable`. */
  readonly signal?: AbortSignal;
}

/** Makes plugins of one kind; carries what is needed to describe, check and reach it. */
export interface PluginFactory<Options extends object = object> {
  (options?: Partial<Options>): Plugin;
  readonly definition: PluginDefinition<Options>;
}
