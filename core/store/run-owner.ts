import {
  describeOwner,
  lossOf,
  type Ownable,
  type Owner,
  processState,
  type TakeOptions,
  takeOwnership,
} from 'dna-nas/files';
import { ownerLost, runOwned } from './errors.js';

/**
 * Takes a run, or refuses.
 * @throws DnaError `RUN_OWNED` naming the owner.
 */
export function takeRun(lock: Ownable, run: string, options: TakeOptions): Owner {
  const taking = takeOwnership(lock, options);
  if (!taking) throw runOwned(`${run} is being taken by many processes at once.`, 'Run the command again.');
  const { taken, owner } = taking;
  if (taken) return owner;
  const age = describeAge(options.clock() - Date.parse(owner.since));
  const problem = `${run} is owned by ${describeOwner(owner)} (${age}).`;
  const alive = processState(owner, options.process) === 'alive';
  throw runOwned(
    problem,
    alive
      ? 'Wait for it, or stop it and run this again.'
      : 'If that process has ended, run this again with --take-over.',
  );
}

/** @throws DnaError `OWNER_LOST` unless the owner with `number` holds the run. */
export function requireRun(lock: Ownable, number: number): void {
  const loss = lossOf(lock, number);
  if (loss) throw ownerLost(loss);
}

function describeAge(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
