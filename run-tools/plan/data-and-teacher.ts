import type { PluginRun } from 'dna-nas/core';
import type { DataDescription, Dataset } from 'dna-nas/core/contracts';
import {
  type DescribedTeacher,
  datasetWithTeacher,
  openDataset,
  splitsText,
  testImagesWarning,
} from 'dna-nas/core/run';
import { counted, grouped } from 'dna-nas/errors';
import type { Findings } from '../findings.js';

/** Data as far as they are at hand. */
export interface PlannedData {
  readonly dataset: Dataset;
  /** Whether images can be read. */
  readonly present: boolean;
}

/** The data set, or, where it cannot be opened, what its options say of it. */
export async function planData(run: PluginRun, findings: Findings): Promise<PlannedData | undefined> {
  const dataset = await findings.attempt(
    'data',
    () => openDataset(run),
    ({ description }) => showData(description),
  );
  if (dataset) {
    const warning = testImagesWarning(dataset.description, { isSearch: run.architectures === undefined });
    if (warning !== undefined) findings.warning('test images', warning);
    return { dataset, present: true };
  }
  const source = await run.resolve('resolveData', 'data');
  const outline = source.outline?.();
  if (!outline) return undefined;
  findings.unknown('data', `forecasts take it for ${showData(outline)}`);
  return { dataset: absentDataset(outline), present: false };
}

/** Teacher as far as it is at hand. */
export interface PlannedTeacher extends DescribedTeacher {
  /** Whether its weights are there. */
  readonly present: boolean;
}

/** The teacher, or, where its weights are missing, what its options say of it. */
export async function planTeacher(run: PluginRun, findings: Findings): Promise<PlannedTeacher | undefined> {
  const source = await run.resolve('resolveTeacher', 'teacher');
  const tell = ({ name, params, macs, input }: DescribedTeacher['description']) =>
    `${name}: ${grouped(params)} parameters, ${grouped(macs)} multiply-adds ` +
    `on ${input.height}×${input.width}×${input.channels}`;
  const description = await findings.attempt('teacher', () => source.describe(), tell);
  if (description) return { source, description, present: true };
  const outline = source.outline?.();
  if (!outline) return undefined;
  findings.unknown('teacher', `forecasts take it for ${tell(outline)}`);
  return { source, description: outline, present: false };
}

/** Data without labels have the teacher's classes. */
export async function withTeacher(
  data: PlannedData,
  { description }: PlannedTeacher,
  findings: Findings,
): Promise<PlannedData | undefined> {
  if (data.dataset.description.labels !== false) return data;
  const dataset = await findings.attempt(
    'classes',
    () => datasetWithTeacher(data.dataset, description),
    (found) => `${grouped(found.description.classes)}, the teacher's, as the data have no labels`,
  );
  return dataset && { ...data, dataset };
}

function showData({ image, classes, labels, ...data }: DataDescription): string {
  const shape = `${image.height}×${image.width}×${image.channels}`;
  const known = labels === false ? 'without labels' : counted(classes, 'class');
  return `${data.name}: ${splitsText(data, grouped)} of ${shape}, ${known}`;
}

function absentDataset(description: DataDescription): Dataset {
  return {
    description,
    shared: () => undefined,
    read: () => {
      throw new Error('These data are not at hand: their images cannot be read.');
    },
    close: () => undefined,
  };
}
