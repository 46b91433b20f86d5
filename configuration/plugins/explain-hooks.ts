import type { ResolveHook } from 'dna-nas/core';
import type { ResolvedConfig } from 'dna-nas/core/config';
import { type AppliedRun, applyPlugins, SLOTS, type Slot } from 'dna-nas/core/plugin';

/** Who answers one hook where its answer is wanted. */
export interface HookAnswer {
  readonly hook: ResolveHook;
  /** Slot that the hook is asked with. */
  readonly slot: string;
  /** Absent if nobody answers. */
  readonly plugin?: string;
  /** Plugins that would have answered, had not another been asked first. */
  readonly passedOver: readonly string[];
  /** Why asking failed. */
  readonly error?: string;
}

/**
 * Applies plugins for those who ask which of them answers. Plugins of the package are loaded only where one from
 * elsewhere is among them, which may ask them.
 */
export function applyToShow(config: ResolvedConfig, project: string): Promise<AppliedRun> {
  const standIns = config.plugins.every(({ sha256 }) => sha256 === undefined);
  return applyPlugins(config, { project, main: true, standIns });
}

/** Asks every resolve hook as a run does and tells who answered. */
export async function explainHooks(run: AppliedRun): Promise<HookAnswer[]> {
  const asked = Object.entries<Slot>(SLOTS)
    .filter(
      ([slot, { hook, optional }]) =>
        !optional || run.taps.some((tap) => tap.hook === hook && (tap.slot ?? slot) === slot),
    )
    .map(([slot, { hook }]) => [hook, slot] as const);
  const answers: HookAnswer[] = [];
  for (const [hook, slot] of asked) {
    const error = await tryHook(run, hook, slot);
    const plugin = run.answers.get(`${hook} ${slot}`);
    const taps = run.taps.filter((tap) => tap.hook === hook && (tap.slot ?? slot) === slot);
    const first = taps.findIndex((tap) => tap.plugin === plugin);
    const passedOver = first < 0 ? [] : taps.slice(first + 1).map((tap) => tap.plugin);
    answers.push({
      hook,
      slot,
      ...(plugin && { plugin }),
      passedOver,
      ...(error !== undefined && { error }),
    });
  }
  return answers;
}

async function tryHook(run: AppliedRun, hook: ResolveHook, slot: string): Promise<string | undefined> {
  try {
    await run.hooks[hook].promise({ slot });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
