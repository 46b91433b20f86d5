import type { ResolvedConfig } from '../config/types.js';
import { stopped } from '../errors.js';
import type { PluginRun } from '../plugin/plugin.js';
import type { StageStarted } from '../run-events.js';
import type { TaskEvents } from '../stages/index.js';
import { STAGES, type StageName } from '../stages/stage-names.js';
import type { RunFolder, TaskClaims } from '../store/index.js';
import type { Neighbours } from '../store/neighbours.js';
import { Ledger } from '../work/booked-time.js';
import { CHECKPOINT_SHARE } from '../work/checkpoint-pacer.js';
import { everyEvent, type HookEventName } from '../work/events.js';
import type { Placement } from '../work/place-workers.js';
import type { TaskPool } from '../work/pool.js';
import { type StopRequest, withinGrace } from '../work/stop-deadline.js';
import { secondsByStage } from './outcome.js';

/** Thrown after the stage that `until` names, or where tasks are to be executed elsewhere; `run` ends quietly on it. */
export class StageReached extends Error {}

export interface SessionDependencies {
  readonly config: ResolvedConfig;
  readonly run: PluginRun;
  readonly folder: RunFolder;
  readonly made: readonly string[];
  readonly claims: TaskClaims;
  readonly neighbours: Neighbours;
  readonly placement: Placement;
  /** Starts the workers; their events come back to this session. */
  startPool(events: TaskEvents): TaskPool;
  readonly until: StageName | undefined;
  readonly layOut: boolean;
  readonly stop: StopRequest;
}

/** What one stage does and how it is told. */
export interface StageWork<Output> {
  readonly description: string;
  readonly tasks?: Pick<StageStarted, 'tasks' | 'tasksDone' | 'work' | 'ahead'>;
  work(): Output | Promise<Output>;
  conclude(output: Output): string;
  /** Whether the stage comes again, so that a run that ends after it does not end yet. */
  readonly again?: boolean;
}

const NO_TASKS = { tasks: 0, tasksDone: 0, work: 0, ahead: [] };

/** One start of a run: leads it through its stages, tells the hooks, keeps the journal and the ledger. */
export class Session {
  readonly config: ResolvedConfig;
  readonly run: PluginRun;
  readonly folder: RunFolder;
  /** Folders that this start has made for it, its own first; none where it was there. */
  readonly made: readonly string[];
  /** What of the run's tasks this process works on. */
  readonly claims: TaskClaims;
  /** This process among those that work on the run on this machine. */
  readonly neighbours: Neighbours;
  /** Where the workers are. */
  readonly placement: Placement;
  readonly pool: TaskPool;
  /** Tasks are laid out and not executed. */
  readonly layOut: boolean;
  readonly #until: StageName | undefined;
  readonly #stop: StopRequest;
  /** Seconds by stage over all starts of the run. */
  readonly #seconds: Record<string, number>;
  readonly #ledger = new Ledger();
  /** Seconds of the stages with tasks, times the threads they had. */
  #threadSeconds = 0;
  #stage: { name: StageName; began: number; threads: number } | undefined;
  #told: Promise<unknown> = Promise.resolve();
  #failure: { error: unknown } | undefined;

  constructor(dependencies: SessionDependencies) {
    this.config = dependencies.config;
    this.run = dependencies.run;
    this.folder = dependencies.folder;
    this.made = dependencies.made;
    this.claims = dependencies.claims;
    this.neighbours = dependencies.neighbours;
    this.placement = dependencies.placement;
    this.layOut = dependencies.layOut;
    this.#until = dependencies.until;
    this.#stop = dependencies.stop;
    this.pool = dependencies.startPool(this.#events());
    this.#seconds = secondsByStage(dependencies.folder);
  }

  /** Aborted when the run is to stop. */
  get signal(): AbortSignal | undefined {
    return this.#stop.signal;
  }

  /** Whether this start of the run comes to a stage, or ends before it. */
  comesTo(stage: StageName): boolean {
    return this.#until === undefined || STAGES.indexOf(stage) <= STAGES.indexOf(this.#until);
  }

  async stage<Output>(name: StageName, stage: StageWork<Output>): Promise<Output> {
    if (this.#stop.signal?.aborted) throw stopped();
    this.#stage = { name, began: performance.now(), threads: stage.tasks ? this.pool.size : 0 };
    const tasks: NonNullable<typeof stage.tasks> = stage.tasks ?? NO_TASKS;
    const { work, ahead } = tasks;
    this.folder.journal({
      ...{ event: 'stageStarted', stage: name },
      ...(stage.tasks && { work, ahead }),
    });
    await this.tell('stageStarted', { stage: name, description: stage.description, ...tasks });
    const output = await withinGrace(() => stage.work(), this.#stop);
    const seconds = this.leaveStage();
    this.folder.sealJournal();
    await this.tell('stageFinished', { stage: name, seconds, result: stage.conclude(output) });
    if (this.#until === name && !stage.again) throw new StageReached();
    return output;
  }

  /** Books the time of the current stage; returns its seconds over all starts. */
  leaveStage(): number {
    if (!this.#stage) return 0;
    const { name, began, threads } = this.#stage;
    this.#stage = undefined;
    const seconds = (performance.now() - began) / 1000;
    this.#seconds[name] = (this.#seconds[name] ?? 0) + seconds;
    this.#threadSeconds += threads * seconds;
    this.folder.journal({ event: 'stageLeft', stage: name, seconds });
    return this.#seconds[name]!;
  }

  /** Books the time of the current stage if the disk still takes it: there is a worse error to tell. */
  abandonStage(): void {
    try {
      this.leaveStage();
    } catch {
      // The time of this stage is lost, nothing else.
    }
  }

  /** Calls a past-tense hook after those told before; the order of events is kept. */
  tell<Name extends NotifyHook>(
    name: Name,
    event: Parameters<PluginRun['hooks'][Name]['promise']>[0],
  ): Promise<void> {
    const hook = this.run.hooks[name] as { promise(event: unknown): Promise<void> };
    const told = this.#told.then(() => hook.promise(event));
    // The error reaches whoever awaits this call, or `settled`; later events are told all the same.
    this.#told = told.catch((error: unknown) => {
      this.#failure ??= { error };
    });
    return told;
  }

  /** Waits until every event is told; throws what a listener threw. */
  async settled(): Promise<void> {
    await this.#told;
    if (this.#failure) throw this.#failure.error;
  }

  /** Where the events of workers go. */
  #events(): TaskEvents {
    const tell = (name: NotifyHook, event: unknown) => {
      this.tell(name, event as never).catch(() => undefined);
    };
    return {
      ...everyEvent((name, [event]) => tell(name as HookEventName, event)),
      progress: (task, work) => tell('workDone', { stage: this.#stage?.name ?? 'report', task, work }),
      timeSpent: (on, seconds, device) => {
        this.#ledger.add(on, seconds, device);
        tell('timeSpent', { on, seconds, ...(device !== undefined && { device }) });
      },
    };
  }

  /** Share of the threads' time in this start that went into checkpoints. */
  get checkpointShare(): number {
    const saving = Object.entries(this.#ledger.seconds).filter(([on]) => on.endsWith('.checkpoint'));
    const seconds = saving.reduce((sum, [, one]) => sum + one, 0);
    return this.#threadSeconds > 0 ? seconds / this.#threadSeconds : 0;
  }

  /** Says so if checkpoints took more time than they should. */
  async judgeCheckpoints(): Promise<void> {
    const share = this.checkpointShare;
    if (share <= CHECKPOINT_SHARE) return;
    const percent = (100 * share).toPrecision(2);
    await this.tell(
      'noticed',
      `Checkpoints took ${percent} % of the threads' time; a longer interval (checkpointSeconds) makes it less.`,
    );
  }

  /** Writes down what the threads have spent their time on since this was last done. */
  bookLedger(): void {
    if (this.#ledger.isEmpty) return;
    const { checkpointShare } = this;
    const { seconds, devices } = this.#ledger;
    this.folder.journal({ event: 'timeSpent', seconds, devices, checkpointShare });
    this.#ledger.clear();
  }
}

type NotifyHook = HookEventName | 'stageStarted' | 'stageFinished' | 'workDone' | 'timeSpent' | 'runFinished';
