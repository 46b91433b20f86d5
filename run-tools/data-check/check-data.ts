import { type ConfigRequest, resolveConfig } from 'dna-nas/configuration';
import type { DataDescription, Dataset, Split } from 'dna-nas/core/contracts';
import { applyPlugins } from 'dna-nas/core/plugin';
import { openDataset, testImagesWarning } from 'dna-nas/core/run';
import { type Finding, Findings } from '../findings.js';
import { tellClasses } from './classes.js';
import { type Duplicate, findDuplicates, tellDuplicates } from './duplicates.js';
import { tellDamaged, tellSizes } from './images.js';
import { inspectAll } from './inspect-all.js';

/** What `dna data check` found. */
export interface DataCheck extends Pick<DataDescription, 'name' | 'size'> {
  /** Whether nothing is a problem. */
  readonly sound: boolean;
  readonly findings: readonly Finding[];
  /** Images of each class in each split, by the class's name. */
  readonly classes: Readonly<Record<string, Readonly<Record<Split, number>>>>;
  readonly damaged: readonly { readonly file: string; readonly damage: string }[];
  readonly duplicates: readonly Duplicate[];
  /** Images that were read and decoded a second. */
  readonly imagesPerSecond: number;
}

export interface DataCheckOptions {
  /** Told how many of how many images were looked at. */
  progress?(images: number, of: number): void;
}

/** Reads every image of a configuration's data set once, and tells what is wrong with them. */
export async function checkData(request: ConfigRequest, options: DataCheckOptions = {}): Promise<DataCheck> {
  const config = await resolveConfig(request);
  const run = await applyPlugins(config, { project: request.project ?? process.cwd(), main: false });
  const dataset = await openDataset(run);
  try {
    return await checkDataset(dataset, options);
  } finally {
    await dataset.close();
  }
}

async function checkDataset(dataset: Dataset, { progress }: DataCheckOptions): Promise<DataCheck> {
  const { description } = dataset;
  const findings = new Findings();
  // Threads that decode take their time to start.
  await dataset.inspect?.('train', [0]);
  const began = performance.now();
  const records = await inspectAll(dataset, progress);
  const imagesPerSecond = records.length / Math.max(1e-3, (performance.now() - began) / 1000);
  const duplicates = findDuplicates(records);
  const damaged = tellDamaged(records, imagesPerSecond, findings);
  tellSizes(records, description, findings);
  const classes = tellClasses(records, description, findings);
  tellDuplicates(duplicates, findings);
  const ofTest = testImagesWarning(description, { isSearch: true });
  if (ofTest)
    findings.warning(
      'test split',
      ofTest,
      'Bring test images along, or have some split off (data.testShare of data-imagenet).',
    );
  const { name, size } = description;
  return { name, size, ...findings.verdict, classes, damaged, duplicates, imagesPerSecond };
}
