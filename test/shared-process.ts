import { afterAll } from 'vitest';
import { endFile } from './after-file.js';

// The next file of this process finds the environment and the working directory as this one did.
const environment = { ...process.env };
const folder = process.cwd();

afterAll(async () => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(folder);
  await endFile();
});
