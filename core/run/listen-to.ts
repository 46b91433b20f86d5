import { RUN_EVENTS, type RunHooks } from '../hooks.js';

type RunEventName = (typeof RUN_EVENTS)[number];

/** One thing that happened, by the name of its hook: `{ event: 'stageFinished', data: { stage, seconds, result } }`. */
export type RunEvent = {
  readonly [Name in RunEventName]: {
    readonly event: Name;
    readonly data: Parameters<RunHooks[Name]['promise']>[0];
  };
}[RunEventName];

/** Calls a program's function at each event; an error that it throws ends the run as one of a plugin does. */
export function listenTo(hooks: RunHooks, onEvent: (event: RunEvent) => void): void {
  for (const event of RUN_EVENTS)
    (hooks[event].tap as (name: string, told: (data: unknown) => void) => void)('onEvent', (data) =>
      onEvent({ event, data } as RunEvent),
    );
}
