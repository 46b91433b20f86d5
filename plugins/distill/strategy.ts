import type { Block, CellSupernet } from 'dna-nas/core/contracts';
import type {
  CellInput,
  DistillRound,
  EarlierBlock,
  Task,
  TaskContext,
  TrainedCell,
  World,
} from 'dna-nas/core/stages';

/** What a training task is told: which cell, and the student's blocks before it where these give its input. */
export interface CellTask {
  readonly block: number;
  readonly cell: number;
  readonly earlier?: readonly EarlierBlock[];
}

/** The input of a task that `distillStage` laid out. */
export function cellTaskOf(task: Task): CellTask {
  return task.input as unknown as CellTask;
}

/** What tells one distillation from another; `distillStage` does what they share. */
export interface DistillStrategy {
  /** How cells are trained, for people: `by the teacher's features`. */
  readonly description: string;
  /** Rounds of training and rating. @default 1 */
  rounds?(world: World): number;
  /** The cells of a round. Pure. */
  tasks(world: World, round: DistillRound): readonly CellTask[];
  /** The cells of all rounds with work like theirs, told before anything is rated. */
  expected(world: World): readonly CellTask[];
  /** The blocks at whose borders the cells of one round want the teacher's features. */
  view(world: Pick<World, 'blocks' | 'data'>, tasks: readonly CellTask[]): readonly Block[];
  /** The network that a task trains, without values. */
  createStudent(world: Pick<World, 'blocks' | 'space' | 'supernet'>, task: CellTask): CellSupernet;
  /** Gives a student that was initialised what it has from other tasks. */
  complete?(student: CellSupernet, task: CellTask, context: TaskContext): void;
  /** Opens what gave a trained cell its input, where the teacher did not. */
  openInput?(trained: TrainedCell, context: TaskContext): CellInput;
}
