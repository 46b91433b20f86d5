/** A job that a launcher is to start. */
export interface LaunchJob {
  /** Unique in a launch, and a file name: `distill`, `distill-2`, `advance`. */
  readonly name: string;
  /** Tasks, each executed by a process of its own. None: the job goes on with the run once those before have ended. */
  readonly tasks: readonly string[];
  /** Jobs of the same launch that have to end before it begins, by name. */
  readonly after: readonly string[];
}

/** Where a launch belongs. Folders are absolute, and the same on every machine that works on the run. */
export interface LaunchContext {
  readonly run: string;
  readonly project: string;
  /** The run's folder. */
  readonly folder: string;
  /** Where the launch's own files lie. */
  readonly files: string;
  /** Words of the command that executes a task, whose id follows, and then options of this machine. */
  readonly taskCommand: readonly string[];
  readonly taskOptions: readonly string[];
  /** Words of the command that goes on with the run. */
  readonly advanceCommand: readonly string[];
}

/** What a launcher writes before it starts anything. */
export interface LaunchPlan {
  /** Texts by file name, below the context's `files`. */
  readonly files: Readonly<Record<string, string>>;
  /** What people are to start themselves. Absent where the launcher starts everything. */
  readonly text?: string;
}

/** A part of a job as a scheduler knows it: the job itself, or the element of an array that executes a task. */
export interface StartedPart {
  readonly id: string;
  /** File below `files` that it writes what it says to. */
  readonly log: string;
}

/** A job that was started. */
export interface StartedJob {
  /** By which others wait for it, and by which it is cancelled. */
  readonly id: string;
  /** One a task, in their order; one for a job without tasks. */
  readonly parts: readonly StartedPart[];
}

/** A job, or a part of one, as its scheduler has it now. */
export interface ObservedJob {
  readonly id: string;
  /** In the scheduler's words: `PENDING (Priority)`. */
  readonly state: string;
}

/** Tasks are executed by the process of the run itself. */
export interface LocalLauncher {
  readonly where: 'here';
}

/** Tasks are laid out and executed by jobs of a scheduler, or by whatever a person starts. */
export interface RemoteLauncher {
  readonly where: 'elsewhere';
  /** `job`: the first job lays the tasks out, where it finds what this machine lacks, say a GPU. @default 'here' */
  readonly prepare?: 'here' | 'job';
  /** Most tasks that a job may have; a stage with more has several jobs. Absent or undefined: any number. */
  mostTasks?(): Promise<number | undefined> | number | undefined;
  /** Texts of the files of some jobs. Starts nothing. */
  plan(jobs: readonly LaunchJob[], context: LaunchContext): LaunchPlan;
  /**
   * Starts a job whose files are written.
   * @param after Ids of jobs that have to end before it begins.
   * @returns it, and those that go on with what it leaves, each after the one before; none where a person is to start it.
   */
  submit(
    job: LaunchJob,
    context: LaunchContext,
    after: readonly string[],
  ): Promise<readonly StartedJob[]> | readonly StartedJob[];
  /** Jobs and parts of one's own that may still execute something. Undefined where the scheduler cannot be asked. */
  observe(): Promise<readonly ObservedJob[] | undefined> | readonly ObservedJob[] | undefined;
  /** Ends jobs, those included that have not begun. */
  cancel(ids: readonly string[]): Promise<void> | void;
  /** What a launch needs of this site. Absent: nothing can be said. */
  check?(context: LaunchContext): Promise<readonly LaunchCheck[]>;
}

/** One thing that a launch needs of a site. */
export interface LaunchCheck {
  readonly check: string;
  readonly works: boolean;
  readonly found: string;
  /** What to do where it does not work. */
  readonly fix?: string;
}

/** Answer of a launcher plugin: where a run's tasks are executed. */
export type Launcher = LocalLauncher | RemoteLauncher;
