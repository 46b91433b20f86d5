import type { PluginCommand } from 'dna-nas/core';
import { removeInstalled } from './backends-folder.js';
import type { InstalledBackend } from './installed-backend.js';

/** `dna backend remove`: takes away what matches `ours` in the backend's folder. */
export function removeCommand({ name }: InstalledBackend, home: () => string, ours: RegExp): PluginCommand {
  return {
    name: `backend remove ${name}`,
    description: `Remove what \`dna backend install ${name}\` has put on this machine.`,
    options: { properties: {} },
    async run(_, tools) {
      const bytes = removeInstalled(home(), ours);
      tools.print(
        bytes === undefined
          ? `The ${name} backend is not installed.`
          : `The ${name} backend is removed: ${(bytes / 1e6).toFixed(0)} MB in ${home()}.`,
      );
    },
  };
}
