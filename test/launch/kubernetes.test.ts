import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { LauncherKubernetesOptions } from 'dna-nas/plugins/launcher-kubernetes';
import { advanceRun } from 'dna-nas/run-tools/launch';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { projectFolder } from '../run/project-folder.js';
import { execute, filesOf, folderOf, launched, openTasks, textOf } from './launched-run.js';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const SCHEMA = fileURLToPath(new URL('../golden/kubernetes/job.json', import.meta.url));
const isJob = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(
  JSON.parse(readFileSync(SCHEMA, 'utf8')),
);
/** The package is mounted with everything else. */
const ROOT = ['launcher.mount=/'];
const settings = (options: Partial<LauncherKubernetesOptions> = {}, mount = ROOT) => [
  ...['launcher=kubernetes', 'launcher.image=registry.example/dna:1', 'launcher.volume=shared', ...mount],
  ...Object.entries(options).map(([name, value]) => `launcher.${name}=${JSON.stringify(value)}`),
];

interface Container {
  readonly command: readonly [string, string, string];
  readonly workingDir: string;
  readonly env: readonly object[];
  readonly resources: object;
  readonly volumeMounts: readonly object[];
}

interface Manifest {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string> };
  readonly spec: Record<string, unknown> & { readonly template: { spec: Record<string, unknown> } };
}

function manifest(project: string, job: string, launch = 1): Manifest {
  const read = parse(textOf(project, launch, `${job}.yaml`));
  expect(isJob(read), JSON.stringify(isJob.errors)).toBe(true);
  return read;
}

const containerOf = ({ spec }: Manifest) => (spec.template.spec.containers as [Container])[0];

describe('a run that is launched on Kubernetes', () => {
  let project = '';
  let text = '';

  beforeAll(async () => {
    const { project: made, launch } = await launched(settings());
    project = made;
    text = launch!.text!.replaceAll(filesOf(project, 1), 'FILES');
  });

  it('has an Indexed Job a stage that holds to the published schema, and says what to give', () => {
    const { metadata, spec } = manifest(project, 'distill');
    expect(metadata.name).toBe('dna-tiny-1-distill');
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 4, parallelism: 4 });
    expect(spec).not.toHaveProperty('suspend');
    expect(manifest(project, 'advance').spec).toMatchObject({ completions: 1, parallelism: 1 });
    expect(text).toMatchInlineSnapshot(`
      "In FILES, once its Dockerfile is built and pushed as launcher.image:
        kubectl create --filename distill.yaml
        kubectl wait --for=condition=Complete --timeout=-1s job/dna-tiny-1-distill
        kubectl create --filename rank.yaml
        kubectl wait --for=condition=Complete --timeout=-1s job/dna-tiny-1-rank
        kubectl create --filename advance.yaml
        kubectl wait --for=condition=Complete --timeout=-1s job/dna-tiny-1-advance
      What comes next is said by the last one: kubectl logs job/dna-tiny-1-advance"
    `);
    expect(textOf(project, 1, 'Dockerfile')).toMatch(/^FROM node:\d+-bookworm-slim\n/);
  });

  it('starts a pod again that has saved its state, and none whose task has failed', () => {
    const { spec } = manifest(project, 'rank');
    expect(spec).toMatchObject({
      backoffLimitPerIndex: 6,
      podReplacementPolicy: 'Failed',
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onExitCodes: { containerName: 'dna', operator: 'In', values: [75] } },
          { action: 'FailIndex', onExitCodes: { containerName: 'dna', operator: 'In', values: [1, 2] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
        ],
      },
    });
    expect(spec.template.spec).toMatchObject({
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 60,
      volumes: [{ name: 'run', persistentVolumeClaim: { claimName: 'shared' } }],
    });
  });

  it.skipIf(process.platform === 'win32')(
    'executes the task of its index, and goes on with the run',
    async () => {
      // What the image calls node is the one of this test.
      const path = join(projectFolder('dna-kubernetes-'), 'bin');
      mkdirSync(path);
      symlinkSync(process.execPath, join(path, 'node'));
      const { command, workingDir: cwd } = containerOf(manifest(project, 'distill'));
      const [shell, ...words] = command;
      const env = { ...process.env, PATH: `${path}:${process.env.PATH}`, JOB_COMPLETION_INDEX: '2' };
      const open = openTasks(project);
      expect(spawnSync(shell, words, { env, cwd, encoding: 'utf8' })).toMatchObject({ status: 0 });
      expect(openTasks(project)).toEqual(open.filter((task) => task !== open[2]));
      await execute(project, openTasks(project));
      const next = await advanceRun(folderOf(project), { inline: true });
      expect(next.launch?.jobs.map(({ name }) => name)).toEqual(['retrain', 'advance']);
      expect(manifest(project, 'retrain', 2).metadata.name).toBe('dna-tiny-2-retrain');
    },
  );
});

it('asks for what a site wants', async () => {
  vi.stubEnv('DNA_BACKENDS', '/shared/backends');
  const { project } = await launched(
    settings({
      namespace: 'nas',
      queue: 'gpus',
      parallelism: 2,
      retries: 1,
      graceSeconds: 90,
      resources: { limits: { cpu: 8, memory: '32Gi', 'nvidia.com/gpu': 1 } },
      pod: { nodeSelector: { gpu: 'h100' }, securityContext: { runAsUser: 1000, runAsGroup: 100 } },
      prepare: 'job',
    }),
  );
  vi.unstubAllEnvs();
  const advance = manifest(project, 'advance');
  expect(advance.metadata).toMatchObject({
    namespace: 'nas',
    labels: { 'kueue.x-k8s.io/queue-name': 'gpus' },
  });
  expect(advance.spec).toMatchObject({ suspend: true, backoffLimitPerIndex: 1, completions: 1 });
  expect(advance.spec.template.spec).toMatchObject({
    nodeSelector: { gpu: 'h100' },
    securityContext: { runAsUser: 1000, runAsGroup: 100 },
    terminationGracePeriodSeconds: 90,
  });
  expect(containerOf(advance)).toMatchObject({
    env: [{ name: 'DNA_BACKENDS', value: '/shared/backends' }],
    resources: { limits: { 'nvidia.com/gpu': 1 } },
    volumeMounts: [{ name: 'run', mountPath: '/' }],
  });
  // The job lays the tasks out, and writes the next ones.
  const { launch } = await advanceRun(folderOf(project), { inline: true });
  expect(manifest(project, 'distill', 2).spec).toMatchObject({ completions: 4, parallelism: 2 });
  expect(launch?.text).toContain('kubectl --namespace nas create --filename distill.yaml');
});

it('names what pods would not see, and runs by names that Kubernetes takes', async () => {
  await expect(launched(settings({}, []))).rejects.toMatchObject({
    code: 'KUBERNETES_VOLUME',
    message: expect.stringMatching(
      /^Pods see the volume at .*, and the package is not below that: .*dna\.js\.$/,
    ),
  });
  const { project, launch } = await launched([...settings(), 'name=A_run.of-mine']);
  const { metadata } = parse(readFileSync(join(launch!.files, 'distill.yaml'), 'utf8'));
  expect(metadata.name).toMatch(/^dna-a-run-of-mine-[0-9a-f]{6}-1-distill$/);
  expect(dirname(launch!.files)).toBe(join(project, 'runs/.launch/A_run.of-mine'));
});
