import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // For what hangs. No test is to fail since a machine is slow, so this is far beyond any of them.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Each file has a process of its own: tfjs keeps its engine and backends in globals.
    pool: 'forks',
    maxWorkers: 2,
    // The built package is loaded by Node itself, so that tests, plugins and workers share one copy of it.
    server: { deps: { external: [/\/dist\//] } },
  },
});
