import { run, type UserConfig } from 'dna-nas/configuration';
import { type OpenedSpace, openSpace } from 'dna-nas/latency';
import { TINY, tinyProject, tinyRequest } from '../run/tiny-run.js';

/** The run of `ratedRun` in its project. */
export const RUN = 'runs/tiny';

/** Of that run. */
export const RATED: UserConfig = {
  ...TINY,
  search: 'exact',
  distill: { ...(TINY.distill as object), use: 'blockwise', epochs: 0.2 },
};

/** A project with a run that has rated its candidates. */
export async function ratedRun(): Promise<{ project: string; space: OpenedSpace }> {
  const project = await tinyProject();
  await run(tinyRequest(project, { config: RATED }), { until: 'rank', inline: true });
  return { project, space: await openSpace(RUN, { project }) };
}
