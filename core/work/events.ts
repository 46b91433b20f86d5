import type { TaskEvents } from '../stages/index.js';

export type TaskEventName = keyof TaskEvents;

/** Every event of tasks: told to the hook of its name as it is, or what the session makes of it. */
const EVENTS = {
  progress: 'session',
  timeSpent: 'session',
  noticed: 'hook',
  stepFinished: 'hook',
  epochFinished: 'hook',
  cellTrained: 'hook',
  candidateRated: 'hook',
  checkpointSaved: 'hook',
} as const satisfies Record<TaskEventName, 'hook' | 'session'>;

/** Events that are told to the hook of their name. */
export type HookEventName = {
  [Name in TaskEventName]: (typeof EVENTS)[Name] extends 'hook' ? Name : never;
}[TaskEventName];

/** Takes all events by one function, which is given their names. */
export function everyEvent(take: (name: TaskEventName, values: readonly unknown[]) => void): TaskEvents {
  const names = Object.keys(EVENTS) as TaskEventName[];
  const takers = names.map((name) => [name, (...values: readonly unknown[]) => take(name, values)]);
  return Object.fromEntries(takers) as TaskEvents;
}

/** Events of work outside of a run: it reports by its result; only what a person must know is told. */
export function quietEvents(noticed: (text: string) => void): TaskEvents {
  return { ...everyEvent(() => undefined), noticed };
}
