import { existsSync } from 'node:fs';
import { backendsFolder } from 'dna-nas/install';
import { defineConfig } from 'vitest/config';

/** A backend that is linked into a process keeps its precision, its memory and its GPU: each file has a process. */
const LINKED = ['test/backend-{torch,cuda}/**/*.test.ts', 'test/whole-run/{torch,cuda}.test.ts'];
const ALONE = [
  // Where no backend is installed, these files say so and link nothing.
  ...(existsSync(backendsFolder()) ? LINKED : []),
  'test/backend-wasm/start.test.ts',
  // It loads a libtorch of its own making, which a process with the real one takes for that.
  'test/backend-install/compile.test.ts',
];

export default defineConfig({
  test: {
    // For what hangs. No test is to fail since a machine is slow, so this is far beyond any of them.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    pool: 'forks',
    maxWorkers: 2,
    setupFiles: ['test/shared-process.ts'],
    // The built package is loaded by Node itself, so that tests, plugins and workers share one copy of it.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ALONE,
          // To load the package takes longer than most files do: a process does so once, for one file after the other.
          isolate: false,
        },
      },
      // A process that would meet a file of its own between two others is not kept: these come after them.
      { extends: true, test: { name: 'alone', include: ALONE, sequence: { groupOrder: 1 } } },
    ],
  },
});
