import type {
  GivenNetwork,
  RetrainStage,
  RunSummary,
  SearchResult,
  TrainingWorld,
} from './contracts/index.js';
import type { Session } from './session.js';
import { runTaskStage } from './task-stage.js';

/** Trains the networks from scratch; what the summary says of them, and of how they differ. */
export async function retrainNetworks(
  session: Session,
  request: {
    readonly stage: RetrainStage;
    readonly world: TrainingWorld;
    readonly input: SearchResult | readonly GivenNetwork[];
  },
): Promise<Pick<RunSummary, 'networks' | 'comparisons'>> {
  const { stage, world, input } = request;
  const networks = await runTaskStage(session, { name: 'retrain', ...request, workToCome: 0 });
  const comparisons = stage.compare?.(stage.tasks(world, input), session.folder.tasks) ?? [];
  return { networks, ...(comparisons.length > 0 && { comparisons }) };
}
