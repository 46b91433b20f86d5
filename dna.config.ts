import { defineConfig } from 'dna-nas';

/** The smallest configuration: a preset, and what differs from it. `dna config` shows all there is to set. */
export default defineConfig({
  extends: 'quickstart',
});
