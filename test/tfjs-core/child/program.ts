/** The program that runs tfjs-core's tests on one backend, in a process of its own. */
import { appendFileSync } from 'node:fs';
import { engine } from '@tensorflow/tfjs-core/dist/globals.js';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';
import type { TestedBackend } from '../backends.js';
import type { SpecRecord } from '../spec-record.js';
import { jasmine, type SpecResult, type SuiteResult } from './jasmine.js';
import { registeredKernels, requestedKernels, watchKernelRequests } from './kernel-requests.js';

/** What the program is told, as JSON in its only argument. */
export interface Orders {
  readonly backend: TestedBackend;
  /** The file that records are appended to, a line each. */
  readonly records: string;
  /** Specs up to this number are left out: they were run before. */
  readonly after: number;
  /** A regular expression for the names of specs; the others are left out. */
  readonly matching: string;
}

const orders: Orders = JSON.parse(process.argv[2] ?? '');
const { backend } = orders;
/** Between a suite's name and a spec's: which backend it runs on. */
const MARK = ` on-${backend.name} ${JSON.stringify(backend.flags)}`;

/** Suites that bring backends of their own. */
const OWN_BACKENDS = /^(Switching cpu backends|Detects memory leaks in kernels) /;
const matching = new RegExp(orders.matching);

/** Starts the backend and announces it to tfjs's tests, which have to be loaded after that. */
export async function prepare(start: (options?: object) => Promise<unknown>): Promise<void> {
  await start(backend.options);
  setTestEnvs([
    { name: `on-${backend.name}`, backendName: backend.name, flags: { ...backend.flags }, isDataSync: true },
  ]);
  watchKernelRequests(backend.name);
}

/** Runs the specs that are meant for a backend. Those of tfjs-core's own innards are left out. */
export async function runSpecs(): Promise<void> {
  const environment = jasmine.getEnv();
  environment.configure({
    random: false,
    specFilter: (spec) => isMeant(numberOf(spec.id), spec.getFullName()),
  });
  environment.beforeEach(checkBackend);
  environment.addReporter({ specStarted, specDone, suiteDone });
  await environment.execute();
  await engine().setBackend(backend.name);
  record({ event: 'end', kernels: registeredKernels(engine().backend, backend.name) });
}

function isMeant(number: number, name: string): boolean {
  const ours = name.includes(MARK) && !OWN_BACKENDS.test(name);
  return ours && number > orders.after && matching.test(plain(name));
}

/** Where a backend cannot be started again, tfjs goes on with another one. */
function checkBackend(): void {
  const current = engine().backendName;
  if (current !== backend.name)
    throw new Error(`The current backend is ${current} instead of ${backend.name}.`);
}

function specStarted({ id, fullName }: SpecResult): void {
  // Jasmine announces those that it leaves out too.
  if (!isMeant(numberOf(id), fullName)) return;
  requestedKernels.clear();
  record({ event: 'start', number: numberOf(id), name: plain(fullName) });
}

function specDone(result: SpecResult): void {
  if (result.status === 'excluded') return;
  record({
    event: 'done',
    number: numberOf(result.id),
    name: plain(result.fullName),
    status: result.status,
    errors: messages(result),
    kernels: requestedKernels.found(),
    missing: requestedKernels.missing(),
  });
}

/** A suite fails by itself where its set-up does. */
function suiteDone(result: SuiteResult): void {
  const errors = messages(result);
  if (errors.length > 0) record({ event: 'suite', name: plain(result.fullName), errors });
}

function messages({ failedExpectations }: SuiteResult): string[] {
  return failedExpectations.map(({ message }) => message);
}

function plain(name: string): string {
  return name.replace(MARK, '');
}

function numberOf(id: string): number {
  return Number(id.replace(/^\D+/, ''));
}

function record(line: SpecRecord): void {
  appendFileSync(orders.records, `${JSON.stringify(line)}\n`);
}
