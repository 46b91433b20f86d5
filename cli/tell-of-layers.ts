import { configFileIn } from './config-files.js';
import { printable } from './printable.js';

/** Says on standard error where a file is laid over a preset: it is another configuration than in an empty folder. */
export function tellOfLayers(preset: string, config: string | false | undefined): void {
  const file = config ?? configFileIn(process.cwd());
  if (!file) return;
  const said = `--preset ${preset}: what ${file} says is laid over it, in place of over what the file extends; \`dna config\` shows each value, --no-config leaves the file out.`;
  process.stderr.write(`${printable(said)}\n`);
}
