/**
 * tfjs-core as Node requires it. `scripts/build.mjs` writes this module anew in dist: Node would parse all of a CommonJS
 * module three times to import it, at each start of a process or thread.
 */
export * from '@tensorflow/tfjs-core';
