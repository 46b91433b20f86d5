import { setTimeout as pause } from 'node:timers/promises';
import { describeOwner } from 'dna-nas/files';
import { stopped } from '../errors.js';
import { taskClaimed } from '../store/errors.js';
import type { TaskClaims } from '../store/index.js';

export interface ClaimRequest {
  readonly claims: TaskClaims;
  readonly task: string;
  readonly noticed: (text: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Between two looks, at most. */
const LOOK_MILLISECONDS = 2000;

/**
 * Claims a task; false where it is finished. A claim of another host is watched until it is renewed or has lapsed.
 * @throws DnaError `TASK_CLAIMED` where the process that has it lives, `STOPPED`.
 */
export async function claimTask({ claims, task, noticed, signal }: ClaimRequest): Promise<boolean> {
  for (let looks = 0; ; looks++) {
    const claiming = claims.take(task);
    if (claiming.state !== 'held') return claiming.state === 'taken';
    const claimant = describeOwner(claiming.owner);
    if (claiming.alive) throw taskClaimed(task, claimant);
    const { leaseSeconds = 0 } = claiming.owner;
    if (looks === 0)
      noticed(
        `Task ${task} is claimed by ${claimant}. It is taken over unless that process shows life within ${leaseSeconds} seconds.`,
      );
    await beforeNextLook(claims, signal);
  }
}

/** Waits before tasks are looked at again that other processes have claimed. @throws DnaError `STOPPED` */
export async function beforeNextLook(claims: TaskClaims, signal: AbortSignal | undefined): Promise<void> {
  await pause(claims.lookMilliseconds(LOOK_MILLISECONDS), undefined, signal && { signal }).catch(() => {
    throw stopped();
  });
}
