import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHooks, type Plugin, type PluginRun } from 'dna-nas/core';
import type { FileLayer } from 'dna-nas/files';
import { dataIdx } from 'dna-nas/plugins/data-idx';
import { dataImagenet } from 'dna-nas/plugins/data-imagenet';
import { teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { onTestFinished } from 'vitest';
import { golden } from '../data-imagenet/open-images.js';
import { makeTar } from '../hostile/make-tar.js';
import { tinyTeacher } from '../mistakes/teacher-weights.js';
import { hubServer } from '../teachers/hub-server.js';

/** What a start made of a cache. */
export interface Start {
  /** Identifies all that came of it. */
  readonly fingerprint: string;
  /** What was said about the cache. */
  readonly notices: readonly string[];
}

/** A cache of ours: something that is made, or downloaded, at the first start and kept below the project. */
export interface Cache {
  readonly name: string;
  /** Answers of a disk that `npm test` tries. Some starts take a second. */
  readonly codes: number;
  /** Points at which `npm test` has an operation fail, and all of them at most. */
  readonly sample: number;
  readonly most: number;
  /** Makes what the cache is made from. */
  prepare(project: string): Promise<void>;
  /** Starts once, on a disk. */
  open(run: PluginRun): Promise<string>;
}

const nothing = async () => {};

/** Every cache of the built-in plugins. */
export const CACHES: readonly Cache[] = [
  {
    name: 'the images of Fashion-MNIST',
    codes: 1,
    sample: 1,
    most: 20,
    prepare: nothing,
    open: (run) => openData(dataIdx(), run),
  },
  {
    name: 'the lists of images in archives',
    codes: 5,
    sample: 30,
    most: 1000,
    prepare: async (project) => {
      const files = ['train', 'val'].map((split) => [split, sampleTar()] as const);
      for (const [split, tar] of files) writeFileSync(join(project, `${split}-000.tar`), tar);
    },
    open: (run) => openData(dataImagenet({ path: '.', imageSize: 32, heldOutPerClass: 0, threads: 0 }), run),
  },
  {
    name: 'weights from the hub',
    codes: 5,
    sample: 30,
    most: 1000,
    prepare: async (project) => {
      const path = '/owner/tiny/resolve/main/model.safetensors';
      const server = await hubServer({ [path]: await tinyTeacher() });
      setForTest('HF_ENDPOINT', server.endpoint);
      setForTest('DNA_WEIGHTS', join(project, 'weights'));
      onTestFinished(() => server.close());
    },
    open: async (run) => {
      teacherEfficientnet({ weights: 'hf:owner/tiny' }).apply(run);
      const source = await run.hooks.resolveTeacher.promise({ slot: 'teacher' });
      return (await source!.describe()).fingerprint;
    },
  },
];

function sampleTar(): Uint8Array {
  return makeTar([
    { name: 'a.jpg', data: readFileSync(join(golden.images, 'apple/colour.JPEG')) },
    { name: 'a.cls', data: '0\n' },
  ]);
}

async function openData(plugin: Plugin, run: PluginRun): Promise<string> {
  plugin.apply(run);
  const source = await run.hooks.resolveData.promise({ slot: 'data' });
  const dataset = await source!.open();
  await dataset.close();
  return dataset.description.fingerprint;
}

function setForTest(name: string, value: string): void {
  const before = process.env[name];
  process.env[name] = value;
  onTestFinished(() => {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  });
}

/** A project in which a cache was not made yet; gone when the test is over. */
export async function freshProject(cache: Cache): Promise<string> {
  const project = mkdtempSync(join(tmpdir(), 'dna-caches-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  await cache.prepare(project);
  return project;
}

/** Starts as a process that knows nothing of those before. */
export async function start(cache: Cache, project: string, files: FileLayer): Promise<Start> {
  const hooks = createHooks();
  const notices: string[] = [];
  hooks.noticed.tap('test', (text) => {
    if (!text.startsWith('Downloading')) notices.push(text);
  });
  const resolve = () => Promise.reject(new Error('nothing to resolve'));
  const fingerprint = await cache.open({ hooks, seed: 1, project, main: true, files, resolve });
  return { fingerprint, notices };
}
