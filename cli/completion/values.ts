import { builtInPlugins, builtInPresets, SLOTS } from 'dna-nas/core/plugin';
import { STAGES } from 'dna-nas/core/run';
import { templateKinds } from '../plugin-new.js';

/** What a shell offers where the words are not commands or options, by option or argument; files elsewhere. */
export function completionValues(): Readonly<Record<string, readonly string[]>> {
  return {
    '--preset': builtInPresets(),
    '--until': STAGES,
    '--set': Object.keys(SLOTS).map((slot) => `${slot}=`),
    '<shell>': SHELLS,
    '<kind>': templateKinds(),
    '[name...]': builtInPlugins(),
    '<plugin...>': builtInPlugins(),
  };
}

/** Shells that there is a script for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
