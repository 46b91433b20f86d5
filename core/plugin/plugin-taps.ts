import { DnaError } from 'dna-nas/errors';
import { AsyncSeriesHook, type FullTap, type Hook } from 'tapable';
import { pluginFailed } from '../errors.js';
import type { Request, RunHooks } from '../hooks.js';
import type { ResolveHook } from './plugin.js';
import { SLOTS, type SlotPath } from './slots.js';

/** A plugin's place in the order of adding. */
export interface TapOwner {
  readonly name: string;
  readonly slot?: SlotPath | 'reports';
  readonly order: number;
}

/** One tap of one plugin. */
export interface TapRecord {
  readonly hook: keyof RunHooks;
  readonly plugin: string;
  /** The only slot that this tap answers for; without one, any. */
  readonly slot?: SlotPath;
}

export interface TapWatcher {
  readonly hooks: RunHooks;
  readonly main: boolean;
  /** The plugin that is being applied. */
  owner(): TapOwner | undefined;
  tapped(record: TapRecord, order: number): void;
  answered(hook: ResolveHook, slot: string, plugin: string): void;
}

type TapFunction = (...values: unknown[]) => unknown;
type Callback = (error: unknown, value?: unknown) => void;

export function isResolveHook(hook: string): hook is ResolveHook {
  return hook.startsWith('resolve');
}

/** Whether a hook tells what has happened: those run in the main process only. */
function isPastTense(hooks: RunHooks, name: keyof RunHooks): boolean {
  return hooks[name].constructor === AsyncSeriesHook;
}

/** Watches every hook, so that each tap is wrapped once, when it is registered. */
export function watchTaps(watcher: TapWatcher): void {
  for (const name of Object.keys(watcher.hooks) as (keyof RunHooks)[]) {
    const hook = watcher.hooks[name] as unknown as Hook<unknown[], unknown>;
    hook.intercept({ register: (tap) => wrapTap(name, tap, watcher) });
  }
}

function wrapTap(hook: keyof RunHooks, tap: FullTap, watcher: TapWatcher): FullTap {
  const owner = watcher.owner();
  const plugin = owner?.name ?? tap.name;
  const fn = tap.fn as unknown as TapFunction;
  if (!watcher.main && isPastTense(watcher.hooks, hook))
    return { ...tap, type: 'sync', fn: (() => undefined) as never };
  if (!isResolveHook(hook)) return { ...tap, fn: guard(tap.type, fn, { plugin, hook }) as never };
  const slot = slotOf(owner, hook);
  watcher.tapped({ hook, plugin, ...(slot && { slot }) }, owner?.order ?? Number.MAX_SAFE_INTEGER);
  const answer = askedFor(tap.type, fn, {
    accepts: (request) => slot === undefined || request.slot === slot,
    answered: (request) => watcher.answered(hook, request.slot, plugin),
  });
  // tapable asks low stages first, and whoever was added last shall be asked first.
  const stage = owner ? -owner.order : tap.stage;
  return {
    ...tap,
    ...(stage !== undefined && { stage }),
    fn: guard(tap.type, answer, { plugin, hook }) as never,
  };
}

/** A plugin chosen in a slot answers that slot's hook for this slot alone; its other taps are free. */
function slotOf(owner: TapOwner | undefined, hook: ResolveHook): SlotPath | undefined {
  if (owner?.slot === undefined || owner.slot === 'reports') return undefined;
  return SLOTS[owner.slot].hook === hook ? owner.slot : undefined;
}

interface RequestCallbacks {
  accepts(request: Request): boolean;
  answered(request: Request): void;
}

function askedFor(
  type: FullTap['type'],
  fn: TapFunction,
  { accepts, answered }: RequestCallbacks,
): TapFunction {
  const note = <Answer>(request: Request, answer: Answer): Answer => {
    if (answer !== undefined) answered(request);
    return answer;
  };
  if (type === 'async') {
    return (request, callback) => {
      if (!accepts(request as Request)) return (callback as Callback)(null);
      const done: Callback = (error, answer) =>
        (callback as Callback)(error, error ? undefined : note(request as Request, answer));
      return fn(request, done);
    };
  }
  if (type === 'promise') {
    return async (request) =>
      accepts(request as Request) ? note(request as Request, await fn(request)) : undefined;
  }
  return (request) => (accepts(request as Request) ? note(request as Request, fn(request)) : undefined);
}

/** Names plugin and hook in whatever a tap throws; tapable does not. */
function guard(
  type: FullTap['type'],
  fn: TapFunction,
  { plugin, hook }: { plugin: string; hook: string },
): TapFunction {
  const named = (error: unknown) => (error instanceof DnaError ? error : pluginFailed(plugin, hook, error));
  if (type === 'promise') {
    return async (...values) => {
      try {
        return await fn(...values);
      } catch (error) {
        throw named(error);
      }
    };
  }
  return (...values) => {
    try {
      if (type === 'sync') return fn(...values);
      const callback = values.pop() as Callback;
      const done: Callback = (error, value) => (error ? callback(named(error)) : callback(null, value));
      return fn(...values, done);
    } catch (error) {
      throw named(error);
    }
  };
}
