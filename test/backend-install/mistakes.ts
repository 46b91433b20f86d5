import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FakeMachine, type Tools } from './fake-machine.js';

/** An installation that cannot succeed. */
export interface Mistake {
  readonly name: string;
  readonly tools: Tools;
  readonly env?: NodeJS.ProcessEnv;
  /** The command. @default that of all */
  readonly words?: readonly string[];
  readonly before?: (machine: FakeMachine) => void;
}

/** One test a row: the text, which says what to do in a few lines, and that nothing counts as installed. */
export function mistakes(
  rows: readonly Mistake[],
  all: { readonly words: readonly string[]; readonly home: 'home' | 'cudaHome' },
): void {
  test.each(rows)('$name', async ({ tools, env, words = all.words, before }) => {
    const machine = new FakeMachine(tools);
    before?.(machine);
    const { code, text } = await machine.dna(words, env);
    expect(text).toMatchSnapshot();
    expect(code).toBe(1);
    const [message = '', fix, ...more] = text.slice(text.indexOf('error BACKEND_')).split('\n→ ');
    expect(message.split('\n').length).toBeLessThanOrEqual(6);
    expect(fix).toMatch(/\S/);
    expect(more).toEqual([]);
    expect(existsSync(join(machine[all.home], 'installed.json'))).toBe(false);
  });
}
