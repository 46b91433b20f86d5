import { createRequire } from 'node:module';
import { stringify } from 'yaml';
import type { Verdict } from './judge.js';

const { version } = createRequire(import.meta.url)('@tensorflow/tfjs-core/package.json');

/** The figures of a verdict as the text that is kept in `results/`. */
export function describeVerdict(verdict: Verdict): string {
  const { passed, pending, failed, excluded, notRegistered, kernels } = verdict;
  const figures = {
    'tfjs-core': version,
    passed,
    failed: failed.length,
    excluded,
    'not registered': notRegistered,
    'left out by tfjs': pending,
    kernels: { registered: kernels.registered, 'not asked for': kernels.notAskedFor },
  };
  return stringify(figures, { lineWidth: 0 });
}

/** What has to be mended, a line or more each: the spec, its errors and the kernels it used. */
export function describeFaults({ failed, errors }: Verdict): string[] {
  const specs = failed.map(({ name, errors: reasons, kernels }) => {
    const short = reasons.map((reason) => `\n    ${reason.slice(0, 400).replaceAll('\n', '\n    ')}`);
    return `${name}${short.join('')}\n    kernels: ${kernels.join(', ')}`;
  });
  return [...errors, ...specs];
}
