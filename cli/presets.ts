import { builtInPresets } from 'dna-nas/core/plugin';
import { formatTable, printJson } from './table.js';

/** `dna presets`: names, and what each is for if it says so. */
export async function presetsCommand({ json }: { json: boolean }): Promise<void> {
  const presets = await Promise.all(builtInPresets().map(describe));
  if (json) return printJson(presets);
  process.stdout.write(`${formatTable(presets.map(({ name, description }) => [name, description]))}\n`);
}

async function describe(name: string): Promise<{ name: string; description: string }> {
  const module = (await import(`dna-nas/presets/${name}`)) as { description?: unknown };
  return { name, description: typeof module.description === 'string' ? module.description : '' };
}
