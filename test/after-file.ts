const works: (() => unknown)[] = [];

/**
 * Does something once the file of tests that runs now is done, however late this is said. A hook of vitest at the top
 * of a module that several files import would be that of the first: they share a process, and with it the module.
 */
export function afterFile(work: () => unknown): void {
  works.push(work);
}

/** What was asked for, the last first. */
export async function endFile(): Promise<void> {
  for (const work of works.splice(0).reverse()) await work();
}
