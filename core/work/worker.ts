/** Entry of a worker thread: applies the run's plugins, starts the backend, then executes the bundles it is sent. */
import { parentPort, workerData } from 'node:worker_threads';
import { plainError } from 'dna-nas/errors';
import type { BackendDescription } from '../contracts/index.js';
import { applyPlugins } from '../plugin/apply-plugins.js';
import type { PluginRun } from '../plugin/plugin.js';
import { requireIdentity } from '../run/identity.js';
import { checkTeacher } from '../run/teacher-check.js';
import { openWorld } from '../run/world.js';
import type { TaskEvents, TrainingWorld } from '../stages/index.js';
import { attachRunFolder } from '../store/index.js';
import { Neighbours } from '../store/neighbours.js';
import { everyEvent, type TaskEventName } from './events.js';
import { executeBundle } from './execute.js';
import type { BundleOrder, FromWorker, ToWorker, WorkerStart } from './messages.js';
import { placeName } from './place-workers.js';
import { checkSearch, search } from './search.js';
import { stayOnCore } from './stay-on-core.js';

const FLUSH_MILLISECONDS = 100;
const DONE: FromWorker = { kind: 'done' };

const port = parentPort!;
const start = workerData as WorkerStart;
const stop = new Int32Array(start.stop);

const send = (message: FromWorker): void => port.postMessage(message);

/** Collects events and posts them together: a thread that trains never returns to its event loop for long. */
class EventSender {
  #events: (readonly [TaskEventName, readonly unknown[]])[] = [];
  #last = performance.now();

  readonly sink: TaskEvents = everyEvent((name, values) => this.#add(name, values));

  #add(name: TaskEventName, event: readonly unknown[]): void {
    this.#events.push([name, event]);
    if (performance.now() - this.#last > FLUSH_MILLISECONDS) this.flush();
  }

  flush(): void {
    if (this.#events.length > 0) send({ kind: 'events', events: this.#events });
    this.#events = [];
    this.#last = performance.now();
  }
}

const sender = new EventSender();
const folder = attachRunFolder(start.folder, { token: start.token, noticed: sender.sink.noticed });
let run: PluginRun;
let backend: BackendDescription;
let world: TrainingWorld;

async function handle(message: ToWorker): Promise<FromWorker> {
  switch (message.kind) {
    case 'openWorld':
      world = await openWorld(run, message.data);
      requireIdentity(folder, { ...world, backend });
      return DONE;
    case 'execute':
      await execute(message.order);
      return DONE;
    case 'checkSearch':
      await checkSearch({ run, world });
      return DONE;
    case 'checkTeacher':
      return { kind: 'checked', trial: await checkTeacher(run, world.dataset) };
    case 'search':
      return { kind: 'found', result: await search({ run, world }, message.ratings) };
  }
}

async function execute(order: BundleOrder): Promise<void> {
  const shouldStop = () => Atomics.load(stop, 0) !== 0;
  const { checkpointSeconds } = start;
  const store = folder.claimedTasks(order.claims);
  const device = placeName(start.place);
  const events = sender.sink;
  await executeBundle({ run, world, store, events, device, checkpointSeconds, shouldStop }, order);
}

async function answer(work: () => Promise<FromWorker>): Promise<void> {
  try {
    const message = await work();
    sender.flush();
    send(message);
  } catch (error) {
    sender.flush();
    send({ kind: 'failed', error: plainError(error) });
  }
}

port.on('message', (message: ToWorker) => {
  void answer(() => handle(message));
});

await answer(async () => {
  const { config, project, workers, share = workers, place } = start;
  // Before anything computes: what a backend starts stays there, too.
  if (place.core !== undefined) stayOnCore(place.core);
  const neighbours = new Neighbours(start.folder);
  const cores = () => (place.core === undefined ? neighbours.cores() / workers : 1);
  run = await applyPlugins(config, { project, main: false, workers, cores });
  const chosen = await run.resolve('resolveBackend', 'backend');
  backend = await chosen.start({
    workers: share,
    ...(place.device !== undefined && { device: place.device }),
  });
  return { kind: 'ready', backend };
});
