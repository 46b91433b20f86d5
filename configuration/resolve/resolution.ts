import type { Json, OptionsDerivation, OptionsSchema, PluginReference } from 'dna-nas/core';
import {
  hashFile,
  type ResolvedPlugin,
  resolveModule,
  type ValueSource,
  validateOptions,
} from 'dna-nas/core/config';
import type { SlotPath } from 'dna-nas/core/plugin';
import type { Problem } from 'dna-nas/errors';
import type { DescribedTarget, Location } from './locate.js';
import { leaves, type Merged, sourceOf } from './merge.js';

/** Options after they were checked: those that make the result, and those of this machine. */
interface Checked {
  readonly result: Record<string, Json>;
  readonly machine: Record<string, Json>;
}

export interface Addition {
  /** Dotted path of the choice: `distill.loss`, `reports.0`. */
  readonly path: string;
  readonly slot?: SlotPath | 'reports';
  readonly location: Location;
  readonly target: DescribedTarget;
  readonly options: Merged;
  readonly source: ValueSource;
}

/** A resolved configuration while it is put together, with all that is wrong with it. */
export class Resolution {
  readonly problems: Problem[] = [];
  readonly sources: Record<string, ValueSource> = {};
  readonly machine: Record<string, Json> = {};
  readonly plugins: ResolvedPlugin[] = [];
  /** What plugins leave to the teacher, by their slots. */
  readonly derivations = new Map<string, () => Promise<OptionsDerivation>>();

  constructor(readonly project: string) {}

  /** Checks options, notes where each value came from, and parts them by kind. */
  check(
    schema: OptionsSchema,
    options: Merged,
    at: { path: string; source?: ValueSource; also?: string[]; plugin?: string },
  ): Checked {
    const prefix = at.path === '' ? '' : `${at.path}.`;
    const { value, problems } = validateOptions(schema, options.values, {
      path: at.path,
      also: at.also ?? [],
    });
    for (const problem of problems) {
      const source = sourceOf(options.sources, problem.path.slice(prefix.length)) ?? at.source;
      this.problems.push({ ...problem, ...(source && { source }), ...(at.plugin && { plugin: at.plugin }) });
    }
    const checked: Checked = { result: {}, machine: {} };
    if (problems.length > 0) return checked;
    for (const [name, entry] of Object.entries(value)) {
      for (const leaf of leaves(entry, name))
        this.sources[prefix + leaf] = options.sources.get(leaf) ?? 'default';
      const kind = schema.properties[name]?.kind ?? 'result';
      if (kind === 'result') checked.result[name] = entry as Json;
      else checked.machine[name] = this.machine[prefix + name] = entry as Json;
    }
    return checked;
  }

  /** Adds a plugin with its checked options; returns its value in the tree: `{ use, …options }`. */
  add(
    { path, slot, location, target, options, source }: Addition,
    also: string[] = [],
  ): Record<string, Json> {
    const { options: schema = { properties: {} }, derive } = target.definition ?? {};
    this.sources[`${path}.use`] = source;
    const plugin = location.builtIn ? { plugin: target.name } : {};
    const { result } = this.check(schema, options, { path, source, also, ...plugin });
    if (slot && derive && isAsked(derive.when, result)) this.derivations.set(slot, target.derivation);
    const reference: PluginReference = { module: location.module, export: target.export, options: result };
    const sha256 = location.builtIn ? undefined : hashFile(resolveModule(location.module, this.project)!);
    this.plugins.push({
      name: target.name,
      reference,
      ...(slot && { slot }),
      source,
      ...(sha256 !== undefined && { sha256 }),
    });
    return { use: location.use, ...result };
  }
}

function isAsked(when: object, options: Readonly<Record<string, Json>>): boolean {
  return Object.entries(when).every(([option, value]) => options[option] === value);
}
