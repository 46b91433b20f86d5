import type { Plugin, RunHooks } from 'dna-nas/core';

export const STEPS: number;
export const TASKS: readonly string[];
export function lossOf(task: string, step: number): number;
export const RATINGS: readonly number[];
export const PIXELS: Float32Array;
export const SUMMARY: { readonly seconds: number };
export function applied(plugin: Plugin, runs: string): RunHooks;
export function tellRun(
  hooks: RunHooks,
  options: {
    readonly folder: string;
    readonly from?: number;
    readonly until?: number;
    readonly seconds?: number;
  },
): Promise<void>;
export function tellFeatures(hooks: RunHooks, folder: string): Promise<void>;
