import type { BackendDescription } from 'dna-nas/core/contracts';
import { tellTrial, tryTeacher } from 'dna-nas/core/run';
import type { TaskStage, TeacherCheck, TrainingWorld } from 'dna-nas/core/stages';
import type { Findings } from '../findings.js';
import type { PlannedData, PlannedTeacher } from './data-and-teacher.js';
import { measureReading, type ReadingSpeeds, readingTakesTime } from './reading-speed.js';

/** Multiply-adds a second of all workers together, measured on one. */
export interface Speed {
  readonly workers: number;
  /** Of training, forward and backward. */
  readonly training: number;
  /** Of forward passes alone: the teacher's, where it could be tried, else as in training. */
  readonly forward: number;
  /** Cores that one worker keeps busy in training. */
  readonly busyCores: number;
  /** How fast images are read and augmented. Absent where that takes no time, or the images are not at hand. */
  readonly reading?: ReadingSpeeds;
}

/** Whether the teacher classifies the data: on some validation images, which it may have been trained on. */
export async function checkTeacher(
  parts: {
    backend: BackendDescription | undefined;
    data: PlannedData;
    teacher: PlannedTeacher;
    images: number;
  },
  findings: Findings,
): Promise<TeacherCheck | undefined> {
  const { backend, data, teacher, images } = parts;
  const { dataset } = data;
  const missing = [!backend && 'the backend', !data.present && 'the data', !teacher.present && 'its weights'];
  const reasons = missing.filter(Boolean);
  if (reasons.length > 0) {
    findings.unknown('teacher check', `not tried, without ${reasons.join(' and ')}`);
    return undefined;
  }
  const before = findings.all.length;
  const tried = await findings.attempt(
    'teacher check',
    () => tryTeacher(teacher.source, teacher.description, { dataset, images }),
    ({ check, untried }) => (check ? tellTrial(check) : untried!),
  );
  if (!tried) return undefined;
  const { check, fault, untried } = tried;
  if (check && !fault) return check;
  findings.all.splice(before);
  if (fault) findings.warning('teacher check', fault.text, fault.fix);
  else findings.unknown('teacher check', untried!);
  return check;
}

/** What is measured, and for how long. */
interface SpeedRequest<Place extends TrainingWorld> {
  readonly stage: Pick<TaskStage<never, unknown, Place>, 'rehearse'>;
  readonly world: Place;
  readonly data: Pick<PlannedData, 'present'>;
  readonly workers: number;
  readonly seconds: number;
  readonly check?: TeacherCheck | undefined;
}

/** Part of the seconds that each kind of reading is measured for. */
const READING_SHARE = 0.25;
const MICROSECONDS = 1e6;

/** How fast this machine trains and reads images, by steps of a stage that are thrown away. */
export async function measureSpeed<Place extends TrainingWorld>(
  request: SpeedRequest<Place>,
  findings: Findings,
): Promise<Speed | undefined> {
  const { stage, seconds, data } = request;
  if (!stage.rehearse || seconds <= 0) {
    findings.unknown('speed', seconds > 0 ? 'its training has no rehearsal' : 'not measured');
    return undefined;
  }
  const speed = await findings.attempt('speed', () => rehearse(request), tellSpeed);
  if (speed && !data.present)
    findings.unknown('reading', 'not measured without the images: times are of computing alone');
  return speed;
}

async function rehearse<Place extends TrainingWorld>(request: SpeedRequest<Place>): Promise<Speed> {
  const { stage, world, data, workers, seconds, check } = request;
  const began = performance.now();
  const used = process.cpuUsage();
  const rehearsal = await stage.rehearse!(world, seconds);
  const { user, system } = process.cpuUsage(used);
  const training = (workers * rehearsal.macs) / rehearsal.seconds;
  const reads = data.present && readingTakesTime(world.dataset);
  return {
    workers,
    training,
    forward: check && check.seconds > 0 ? (workers * check.macs) / check.seconds : training,
    busyCores: (user + system) / MICROSECONDS / ((performance.now() - began) / 1000),
    ...(reads && { reading: await measureReading(world, READING_SHARE * seconds) }),
  };
}

function tellSpeed({ training, forward, reading }: Speed): string {
  const computing = `${perSecond(training)} in training, ${perSecond(forward)} in forward passes`;
  if (!reading) return computing;
  const rate = (kind: keyof ReadingSpeeds) => reading[kind].images.toPrecision(3);
  return (
    `${computing}; a worker reads ${rate('plain')} images/s as they are, ` +
    `${rate('distill')} as distillation and ${rate('retrain')} as retraining augment them`
  );
}

function perSecond(macs: number): string {
  return `${(macs / 1e9).toPrecision(3)} G multiply-adds/s`;
}
