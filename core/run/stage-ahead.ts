import type { StageAhead } from '../stages/index.js';
import type { Session } from './session.js';

/** What a stage to come will take; none where the run does not come to it. */
export function stageAhead(session: Session, stage: StageAhead['stage'], work: number): StageAhead[] {
  return work > 0 && session.comesTo(stage) ? [{ stage, work }] : [];
}
