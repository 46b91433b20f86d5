import type { PluginRun } from 'dna-nas/core';
import type { DataDescription, Dataset } from 'dna-nas/core/contracts';
import type { AttachedRunFolder } from 'dna-nas/core/store';
import { reasonOf } from 'dna-nas/errors';
import { noCalibration } from '../errors.js';

/** Told what a user should know. */
type Noticed = ((text: string) => void) | undefined;

/**
 * What is known of a run's images: from the data set, or, where it is not at hand or is another one now, from its
 * options. Undefined where neither tells anything.
 */
export async function describeData(
  run: PluginRun,
  folder: AttachedRunFolder,
  { noticed }: { noticed?: Noticed },
): Promise<DataDescription | undefined> {
  const source = await run.resolve('resolveData', 'data');
  try {
    const dataset = await source.open();
    await dataset.close();
    if (dataset.description.fingerprint === fingerprintOf(folder)) return dataset.description;
    noticed?.(`The data are not those of the run any more: ${UNKNOWN}.`);
  } catch (cause) {
    noticed?.(`The data cannot be opened (${reasonOf(cause, run.project)}): ${UNKNOWN}.`);
  }
  return source.outline?.();
}

/** The data of a run, for what needs their images. @throws DnaError `EXPORT_CALIBRATION` where they are not at hand */
export async function openRunData(run: PluginRun, folder: AttachedRunFolder): Promise<Dataset> {
  const source = await run.resolve('resolveData', 'data');
  const dataset = await opened(source.open(), run);
  if (dataset.description.fingerprint === fingerprintOf(folder)) return dataset;
  await dataset.close();
  throw noCalibration('its data are other ones now');
}

async function opened(opening: Promise<Dataset>, { project }: PluginRun): Promise<Dataset> {
  try {
    return await opening;
  } catch (cause) {
    throw noCalibration(`its data cannot be opened (${reasonOf(cause, project)})`, cause);
  }
}

const UNKNOWN = 'what only they tell, such as the names of the classes, is left out';

/** Of the data that the run was made with. */
function fingerprintOf(folder: AttachedRunFolder): unknown {
  return (folder.readJson('identity') as { data?: unknown } | undefined)?.data;
}
