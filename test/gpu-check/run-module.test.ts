import { expect, test } from 'vitest';

interface Outcome {
  readonly result?: { readonly cuts: string[]; readonly greeting: string };
  readonly failure?: string;
}

const { runModule } = (await import(
  new URL('../../scripts/gpu-check/run-module.mjs', import.meta.url).href
)) as { runModule(module: string, request: object, options?: object): Promise<Outcome> };

function runFixture(name: string, request: object): Promise<Outcome> {
  return runModule(new URL(`./fixtures/${name}.mjs`, import.meta.url).href, request, { group: true });
}

test('a part answers with its result and what it left out', async () => {
  const { result, failure } = await runFixture('cuts', { seconds: 30, given: 'hello' });
  expect(failure).toBeUndefined();
  expect(result).toMatchObject({ greeting: 'hello', cuts: ['all of it'] });
});

test('a part that ends by a signal takes nothing along, and says how it ended', async () => {
  const { failure } = await runFixture('crashes', { seconds: 30 });
  expect(failure).toMatch(/^it ended with signal SIG/);
});

test('a part that throws tells its error', async () => {
  const { failure } = await runFixture('throws', { seconds: 30 });
  expect(failure).toMatch(/^it ended with exit code 1/);
  expect(failure).toContain('what went wrong');
});

test('a part that does not end is stopped', async () => {
  // Ten seconds are added to what it has.
  const { failure } = await runFixture('hangs', { seconds: -8 });
  expect(failure).toMatch(/^it was stopped after 2 s/);
});
