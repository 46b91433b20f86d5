import type {
  GivenNetwork,
  NetworkDifferences,
  RetrainStage,
  RunSummary,
  SearchResult,
  TrainingWorld,
} from '../stages/index.js';
import { runTaskStage } from '../work/task-stage.js';
import type { Session } from './session.js';

/** What the summary says of trained networks. */
export type TrainedNetworks = Pick<RunSummary, 'networks'> & NetworkDifferences;

/** Trains the networks from scratch; what the summary says of them, and of how they differ. */
export async function retrainNetworks(
  session: Session,
  request: {
    readonly stage: RetrainStage;
    readonly world: TrainingWorld;
    readonly input: SearchResult | readonly GivenNetwork[];
  },
): Promise<TrainedNetworks> {
  const { stage, world, input } = request;
  const networks = await runTaskStage(session, { name: 'retrain', ...request, ahead: [] });
  return { networks, ...stage.compare?.(stage.tasks(world, input), session.folder) };
}
