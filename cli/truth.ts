import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { layOutTruth, type Nearness, type TruthRequest } from 'dna-nas/audit';
import type { ConfigRequest } from 'dna-nas/configuration';
import { counted, wrongUsage } from 'dna-nas/errors';
import { type Plan, planRun } from 'dna-nas/run-tools';
import { duration, requireSound, showPlan } from './plan.js';
import { startRun } from './run.js';
import { runFolder } from './run-folder.js';

export interface TruthOptions {
  readonly networks: string;
  readonly seeds: string;
  /** `true`: near the limits of the configuration's search. */
  readonly near?: string | true;
  readonly within: string;
  readonly nearShare: string;
  readonly plan?: boolean;
  readonly layOut?: boolean;
  readonly takeOver?: boolean;
}

/** `dna truth`: trains networks of a space alone, so that ratings can be held to what they reach. */
export async function truthCommand(
  request: ConfigRequest,
  source: string | undefined,
  options: TruthOptions,
): Promise<void> {
  const { layOut = false, takeOver = false, plan: onlyPlan = false } = options;
  const truth = await layOutTruth({ ...request, ...readRequest(source, options) });
  if (onlyPlan || !(await hasBegun(truth.request))) {
    const plan = await planRun(truth.request, { seconds: REHEARSAL_SECONDS });
    if (onlyPlan || !plan.sound) showPlan(plan);
    requireSound(plan);
    if (onlyPlan) return;
    process.stderr.write(`${forecast(plan)}\n`);
  }
  await startRun(truth.request, { layOut, takeOver });
}

/** How long the speed is measured before the networks are trained. */
const REHEARSAL_SECONDS = 5;

/** A run that goes on tells the time left by what it does. */
async function hasBegun(request: ConfigRequest): Promise<boolean> {
  return existsSync(join(await runFolder(request), 'tasks'));
}

function forecast({ name, findings, stages: [training], speed }: Plan): string {
  const networks = findings.find(({ check }) => check === 'networks')?.text;
  const time = training?.hours === undefined ? '' : `, about ${duration(training.hours)}`;
  const workers = speed ? ` on ${counted(speed.workers, 'worker')}` : '';
  return `${name}: ${networks}${time}${workers}. The same command goes on after a stop; \`dna tasks\` lists what others can take.`;
}

function readRequest(
  source: string | undefined,
  options: TruthOptions,
): Omit<TruthRequest, keyof ConfigRequest> {
  const networks = readNumber('--networks', options.networks, WHOLE);
  const seeds = readNumber('--seeds', options.seeds, WHOLE);
  const near = readNear(options, networks);
  return { networks, seeds, ...(source !== undefined && { source }), ...(near && { near }) };
}

function readNear(
  { near, within, nearShare }: TruthOptions,
  networks: number,
): TruthRequest['near'] | undefined {
  if (near === undefined) return undefined;
  const share = readNumber('--near-share', nearShare, SHARE);
  return {
    within: readNumber('--within', within, SHARE),
    networks: Math.round(share * networks),
    ...(near !== true && { limits: readLimits(near) }),
  };
}

/** `macs=2000000,params=100000` */
function readLimits(text: string): Nearness['limits'] {
  const limits = text.split(',').map((part) => {
    const [name = '', value = ''] = part.split('=');
    return [name, readNumber('--near', value, { least: 1, most: Number.MAX_VALUE }, part)] as const;
  });
  return Object.fromEntries(limits);
}

interface Bounds {
  readonly least: number;
  readonly most: number;
  readonly whole?: boolean;
}

const WHOLE: Bounds = { least: 1, most: 1e6, whole: true };
const SHARE: Bounds = { least: 0, most: 1 };

function readNumber(option: string, text: string, { least, most, whole }: Bounds, shown = text): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && !(whole && !Number.isInteger(value)))
    return value;
  const kind = whole ? 'a whole number' : 'a number';
  const example = option === '--near' ? '--near macs=2000000' : `${option} ${whole ? 100 : 0.05}`;
  throw wrongUsage(
    `${option} is ${JSON.stringify(shown)}; ${kind} from ${least}${most === Number.MAX_VALUE ? '' : ` to ${most}`} is expected.`,
    `Say, ${example}.`,
  );
}
