import type { PluginRun } from '../plugin/plugin.js';
import type { Rehearsal, Task, TrainingWorld, World } from '../stages/index.js';
import { resolveTaskStage } from './execute.js';

/**
 * Some work of a stage in this thread, thrown away. Undefined where the stage has no rehearsal, or cannot do the work:
 * that is for the stage itself to tell, once it comes.
 */
export async function rehearse(
  { run, world }: { readonly run: PluginRun; readonly world: TrainingWorld },
  { stage, seconds }: { readonly stage: Task['stage']; readonly seconds: number },
): Promise<Rehearsal | undefined> {
  try {
    const { rehearse } = await resolveTaskStage(run, stage);
    return await rehearse?.(world as World, seconds);
  } catch {
    return undefined;
  }
}
