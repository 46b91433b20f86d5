import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { builtInDefinition, builtInPlugins } from 'dna-nas/core/plugin';
import { expect, test } from 'vitest';
import { listen } from '../backend-install/listen.js';
import { COMPLETE, project } from '../config/project.js';
import { type DnaOptions, startDna } from './dna-process.js';

const DNA = fileURLToPath(new URL('../../bin/dna.js', import.meta.url));

/** Runs `dna` in a folder, without colours, in this process. */
const dna = (words: readonly string[], folder: string) => listen(words, folder, { NO_COLOR: '1' });

test('an error has no colours off a terminal, in a CI either', () => {
  const { NO_COLOR: _, ...env } = process.env;
  const options = { cwd: project(), env: { ...env, CI: 'true' }, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [DNA, 'rnu'], options);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^error USAGE: /);
});

const GREETING = `import { definePlugin } from 'dna-nas/core';
export const greeter = definePlugin({
  name: 'greeter', description: 'Greets.', module: import.meta.url, export: 'greeter', apply() {},
  commands: [{
    name: 'data greet', description: 'Greets.', argument: 'whom',
    options: { properties: {
      whom: { type: 'string', default: 'you', description: 'Who is greeted' },
      times: { type: 'integer', minimum: 1, default: 1, description: 'How often' },
    } },
    async run({ whom, times }, tools) { for (let n = 0; n < times; n++) tools.print('hello ' + whom); },
  }],
});`;

test('a command of a plugin that is configured here is found, below a group of ours too', async () => {
  const folder = project({
    'dna.config.json': { ...COMPLETE, plugins: ['./greeter.ts'] },
    'greeter.ts': GREETING,
  });
  const greeted = await dna(['data', 'greet', 'Ada', '--times', '2'], folder);
  expect(greeted).toMatchObject({ code: 0, text: 'hello Ada\nhello Ada' });
  const wrong = await dna(['data', 'greet', '--times', 'no'], folder);
  expect(wrong.code).toBe(2);
  expect(wrong.text).toContain('a whole number of at least 1');
  const unknown = await dna(['data', 'gret'], folder);
  expect(unknown.text).toContain("Unknown command 'gret'");
  expect((await dna(['data', 'greet'], project())).code).toBe(2);
});

test('the help and the completion have the commands of plugins that are configured here', async () => {
  const folder = project({
    'dna.config.json': { ...COMPLETE, plugins: ['./greeter.ts'] },
    'greeter.ts': GREETING.replace("'data greet'", "'greet'"),
  });
  const listed = /^ {2}greet .*Greets\.$/m;
  for (const words of [[], ['--help'], ['help']]) expect((await dna(words, folder)).text).toMatch(listed);
  expect((await dna(['--help'], project())).text).not.toMatch(listed);
  const plain = project({ 'dna.config.mjs': "throw new Error(process.stdout.write('it was read'));" });
  for (const words of [['--help'], ['greet']]) {
    const { text } = await dna(words, plain);
    expect(text.includes('it was read')).toBe(words[0] === 'greet');
  }
  expect((await dna(['greet', '--help'], folder)).text).toContain('--times <value>');
  const options = { cwd: folder, encoding: 'utf8' } as const;
  const { stdout } = spawnSync(process.execPath, [DNA, 'completion', 'bash'], options);
  expect(stdout).toMatch(/^ *'greet'\) found='.*--times .*' ;;$/m);
});

test('dna alone shows the commands and the next steps', async () => {
  const { code, text } = await dna([], project());
  expect(code).toBe(0);
  expect(text).toMatch(/^Usage: dna/);
  expect(text).toContain('dna run --preset quickstart');
  for (const command of ['run', 'config', 'presets', 'plugins', 'task', 'backend', 'teacher'])
    expect(text).toMatch(`  ${command}`);
});

test.each([
  [['rnu'], "Unknown command 'rnu'; the commands are init, run, "],
  [['run', '--prest', 'x'], 'Did you mean --preset?'],
  [['run', '--until', 'dist'], 'Did you mean --until distill?'],
  [['run', 'quickstart'], 'A preset is named by --preset NAME.'],
  [['plugins', 'loss-cosin'], 'There is no plugin loss-cosin in the package.\n→ Did you mean loss-cosine?'],
  [['config', '--preset', 'quikstart'], 'nearest   quickstart'],
  [['run', '--preset', 'quickstart', '--set', 'distill.loss=cosin'], 'nearest   cosine'],
])('%j ends with 2 and what was meant', async (words, expected) => {
  const { code, text } = await dna(words, project());
  expect(code).toBe(2);
  expect(text).toContain(expected);
  expect(text).not.toMatch(/\n\s+at /);
});

test('--stack shows where an error came from', async () => {
  const folder = project({ 'dna.config.json': COMPLETE, 'mine.ts': 'throw new Error("no luck");' });
  const { code, text } = await dna(['config', '--plugin', './mine.ts', '--stack'], folder);
  expect(code).toBe(2);
  expect(text).toContain('The module ./mine.ts cannot be loaded: no luck');
  expect(text).toMatch(/caused by Error: no luck\n\s+at .*mine\.ts/);
});

test('dna config --json prints data: values, sources, plugins, hooks', async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const words = [
    'config',
    '--json',
    '--set',
    'distill.loss=./stages.ts#otherLoss',
    '--plugin',
    './user-loss.ts',
  ];
  const { ended } = startDna(words, { folder });
  const { code, out, err } = await ended;
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const shown = JSON.parse(out);
  expect(shown.values.distill.loss.use).toBe('./stages.ts#otherLoss');
  expect(shown.sources['distill.loss.use']).toBe('--set');
  expect(shown.machine.workers).toBe(0);
  expect(shown.hooks).toContainEqual({
    hook: 'resolveLoss',
    slot: 'distill.loss',
    plugin: 'loss-user',
    passedOver: ['loss-other'],
  });
  expect(shown.hooks).toContainEqual({ hook: 'resolveSampler', slot: 'supernet.sampler', passedOver: [] });
});

test('dna config prints each value with its source, and who was passed over', async () => {
  const folder = project({ 'dna.config.json': COMPLETE });
  const { code, text: out } = await dna(['config', '--set', 'seed=3', '--plugin', './user-loss.ts'], folder);
  expect(code).toBe(0);
  expect(out).toMatch(/^ {2}seed +--set +3$/m);
  expect(out).toMatch(/^ {2}distill\.size +file dna\.config\.json +3$/m);
  expect(out).toMatch(/^ {2}distill\.loss\.list +default +\[1,2\]$/m);
  expect(out).toMatch(/^ {2}resolveLoss +distill\.loss +loss-user +passed over: loss-none$/m);
  expect(out).toMatch(/^ {2}resolveStep +distill\.step +nobody$/m);
});

test('the quickstart preset resolves without a configuration of one’s own', async () => {
  const { code, text } = await dna(['config', '--preset', 'quickstart', '--json'], project());
  expect(code).toBe(0);
  const { preset, hooks } = JSON.parse(text);
  expect(preset).toBe('quickstart');
  expect(hooks.filter((hook: { plugin?: string }) => hook.plugin === undefined)).toEqual([]);
});

test('dna plugins and dna presets list what there is', async () => {
  const folder = project();
  const plugins = await dna(['plugins', '--json'], folder);
  const one = await dna(['plugins', 'optimiser-adam'], folder);
  const presets = await dna(['presets', '--json'], folder);
  expect(JSON.parse(plugins.text).plugins.map(({ name }: { name: string }) => name)).toEqual(
    builtInPlugins(),
  );
  expect(one.text).toMatch(/beta1 +\S.*\n +default 0\.9; a number of at least 0 below 1/);
  expect(JSON.parse(presets.text)).toContainEqual(expect.objectContaining({ name: 'quickstart' }));
});

test('every command of every plugin is on the command line, with the description of the plugin', async () => {
  const { PLUGIN_COMMANDS } = await import('../../dist/cli/plugin-commands.js');
  const found = builtInPlugins().flatMap((plugin) =>
    (builtInDefinition(plugin).commands ?? []).map(({ name, description }) => [
      name,
      { plugin, description },
    ]),
  );
  expect(PLUGIN_COMMANDS).toEqual(Object.fromEntries(found));
});

test("a plugin command's options are checked by its schema", async () => {
  const { code, text } = await dna(['teacher', 'train', '--epochs', 'many'], project());
  expect(code).toBe(2);
  expect(text).toMatch(/epochs\n +found +"many"\n +expected +a/);
});

test('the first Ctrl-C asks to stop, the second ends at once with 130', async () => {
  const waiting = `export default { name: 'waiting', apply(run) {
    run.hooks.resolveBackend.tap('waiting', () => ({ name: 'waiting', start() {
      process.stderr.write('WAITING\\n');
      return new Promise(() => setInterval(() => {}, 1000));
    } })); } };`;
  const folder = project({ 'dna.config.json': { ...COMPLETE, workers: 1 }, 'waiting.ts': waiting });
  let sent = 0;
  const onError: DnaOptions['onError'] = (printed, child) => {
    const due = printed.includes('Ctrl-C again') ? 2 : printed.includes('WAITING') ? 1 : 0;
    if (due > sent) {
      sent = due;
      child.kill('SIGINT');
    }
  };
  const { code, err } = await startDna(['run', '--plugin', './waiting.ts'], { folder, onError }).ended;
  expect(err).toContain('Stopping: the state is being saved.');
  expect({ code, sent }).toEqual({ code: 130, sent: 2 });
});
