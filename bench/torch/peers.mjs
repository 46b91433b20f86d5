// PyTorch beside us: whether it is there, in which settings it is measured, and what both sides are started with.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchCores } from '../measure.mjs';
import { Child } from './child.mjs';

/**
 * glibc gives large blocks back to the system whenever they are freed, and PyTorch then waits for fresh pages: with
 * these settings it keeps them, in huge pages. PyTorch at its best on a CPU.
 */
export const KEEP_MEMORY = {
  GLIBC_TUNABLES: ['hugetlb=1', `mmap_threshold=${2 ** 34}`, `trim_threshold=${2 ** 34}`]
    .map((setting) => `glibc.malloc.${setting}`)
    .join(':'),
};

/** The words that start a program of this folder on our side. */
export function ownProgram(file, { set = [], ...options }) {
  const settings = set.flatMap((setting) => ['--set', setting]);
  return [process.execPath, join(import.meta.dirname, file), ...flags(options), ...settings];
}

/** The words that start a program of this folder on PyTorch's side, which leaves no compiled files here. */
export function torchProgram(python, file, options) {
  return [python, '-B', join(import.meta.dirname, file), ...flags(options)];
}

/** `{ batch: 16, compile: true }` → `--batch 16 --compile` */
function flags(options) {
  return Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, String(value)],
  );
}

/** The libtorch that a run with these settings computes on, or why there is none. */
export async function findTorch(set = []) {
  try {
    const own = await Child.start('our backend', ownProgram('own-describe.mjs', { set }));
    const { torch, description } = await own.ask({ do: 'describe' });
    own.close();
    return { torch, description };
  } catch (error) {
    return { skipped: error.message };
  }
}

/** A Python with the libtorch that our backend runs on, or why there is no comparison. */
export async function findPeer({ set }) {
  const { torch, skipped } = await findTorch(set);
  return skipped ? { skipped } : findPython(torch);
}

const PROBE = 'import safetensors.torch, timm, torch; print(torch.__version__.split("+")[0])';

/** Any version will do where our backend is none of libtorch's: development of the bench itself. */
function findPython(version) {
  const python = process.env.DNA_PYTHON ?? 'python3';
  const { status, stdout } = spawnSync(python, ['-c', PROBE], { encoding: 'utf8' });
  const packages = `torch${version ? ` ${version}` : ''}, timm and safetensors`;
  const advice = `DNA_PYTHON names a Python with ${packages}`;
  if (status !== 0) return { skipped: `${python} cannot import ${packages}; ${advice}` };
  const found = stdout.trim();
  if (version && found !== version) return { skipped: `${python} has torch ${found}; ${advice}` };
  return { python };
}

/** Gives an action a temporary folder, or the one that is named and kept. */
export async function withFolder(named, action) {
  if (named) return action(named);
  const folder = mkdtempSync(join(tmpdir(), 'dna-bench-'));
  try {
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether a folder has a file. */
export function has(folder, file) {
  return existsSync(join(folder, file));
}

/**
 * Starts the sides one after the other, hands them to an action and ends them. Returns the action's result with
 * `otherCores`: what neither this process nor the sides took of the cores meanwhile.
 */
export async function withSides(programs, action) {
  const sides = {};
  try {
    for (const [name, { program, environment }] of Object.entries(programs)) {
      sides[name] = await Child.start(name, program, environment);
    }
    const cpu = () => Object.values(sides).reduce((sum, side) => sum + side.cpu, 0);
    const [cores, before] = [watchCores(), cpu()];
    const result = await action(sides);
    return { ...result, otherCores: cores(cpu() - before).otherCores };
  } finally {
    for (const side of Object.values(sides)) side.close();
  }
}
