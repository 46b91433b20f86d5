import type { Task } from '../stages/index.js';

/**
 * Deals tasks to at most `count` bundles of about equal work: longest first, each to the lightest bundle so far.
 * Deterministic; a bundle keeps the tasks' own order. No bundle is empty.
 */
export function dealTasks(tasks: readonly Task[], count: number): Task[][] {
  const bundles = Array.from({ length: Math.min(count, tasks.length) }, () => ({
    work: 0,
    tasks: [] as Task[],
  }));
  for (const task of longestFirst(tasks)) {
    const lightest = bundles.reduce((least, bundle) => (bundle.work < least.work ? bundle : least));
    lightest.tasks.push(task);
    lightest.work += task.work;
  }
  const place = new Map(tasks.map((task, index) => [task, index]));
  return bundles.map((bundle) => bundle.tasks.sort((a, b) => place.get(a)! - place.get(b)!));
}

/** Longest first, ties in the tasks' own order. */
export function longestFirst(tasks: readonly Task[]): Task[] {
  return tasks.toSorted((one, other) => other.work - one.work);
}
