import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TeacherDescription } from 'dna-nas/core/contracts';
import { type TeacherEfficientnetOptions, teacherEfficientnet } from 'dna-nas/plugins/teacher-efficientnet';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { teacherWeights } from '../mistakes/teacher-weights.js';
import { answer } from '../plugins/plugin-run.js';
import { type HubFault, type HubServer, hubServer } from './hub-server.js';

const PATH = '/owner/tiny/resolve/main/model.safetensors';
const VARIABLES = ['HF_ENDPOINT', 'HF_HUB_OFFLINE', 'DNA_WEIGHTS'] as const;

let weights: Uint8Array;
let sha256: string;
let cache: string;
let before: Record<string, string | undefined>;

beforeAll(async () => {
  weights = await teacherWeights();
  sha256 = createHash('sha256').update(weights).digest('hex');
});
beforeEach(() => {
  before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
  cache = mkdtempSync(join(tmpdir(), 'dna-hub-'));
  process.env.DNA_WEIGHTS = cache;
});
afterEach(() => {
  rmSync(cache, { recursive: true });
  for (const name of VARIABLES) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

async function serve(fault?: HubFault, path = PATH): Promise<HubServer> {
  const server = await hubServer({ [path]: weights }, fault);
  onTestFinished(() => server.close());
  process.env.HF_ENDPOINT = server.endpoint;
  return server;
}

async function describeTeacher(
  options: Partial<TeacherEfficientnetOptions> = { weights: 'hf:owner/tiny' },
): Promise<TeacherDescription> {
  return (await answer(teacherEfficientnet(options), 'resolveTeacher')).describe();
}

/** The file in the cache, with what is left beside it. */
function cached(): { names: string[]; whole: boolean } {
  const folder = join(cache, 'owner', 'tiny@main');
  const names = readdirSync(folder).sort();
  const whole =
    names.includes('model.safetensors') &&
    Buffer.compare(readFileSync(join(folder, 'model.safetensors')), weights) === 0;
  return { names, whole };
}

describe('weights from the hub', () => {
  test('are downloaded once, checked and kept', async () => {
    const server = await serve();
    expect(await describeTeacher()).toMatchObject({ name: 'tiny teacher', fingerprint: sha256 });
    expect(cached()).toEqual({ names: ['model.safetensors', 'model.safetensors.json'], whole: true });
    await server.close();
    expect((await describeTeacher()).fingerprint).toBe(sha256);
    expect(server.requests).toEqual([`HEAD ${PATH}`, `GET ${PATH}`, `GET /content${PATH}`]);
  });

  test('go on where a connection broke off', async () => {
    const server = await serve({ breakAfter: 3000, breaks: 3 });
    await describeTeacher();
    expect(cached().whole).toBe(true);
    const ranges = server.requests.filter((request) => /^GET \/content/.test(request));
    expect(ranges).toHaveLength(4);
    expect(ranges[3]).toMatch(/ bytes=[1-9]\d*-$/);
  });

  test('start anew where a server knows no ranges', async () => {
    await serve({ breakAfter: 3000, breaks: 2, wholeOnly: true });
    await describeTeacher();
    expect(cached().whole).toBe(true);
  });

  test('go on from what a process has left that is gone', async () => {
    await serve();
    await describeTeacher();
    const folder = join(cache, 'owner', 'tiny@main');
    rmSync(join(folder, 'model.safetensors'));
    const left = `model.safetensors.${sha256.slice(0, 16)}.999999999-0.partial`;
    writeFileSync(join(folder, left), weights.subarray(0, 5000));
    const server = await serve();
    await describeTeacher();
    expect(cached()).toMatchObject({ names: ['model.safetensors', 'model.safetensors.json'], whole: true });
    expect(server.requests.at(-1)).toBe(`GET /content${PATH} bytes=5000-`);
  });

  test('are held in memory where no disk takes them, and are downloaded once', async () => {
    const server = await serve();
    // A folder cannot be made below a file.
    writeFileSync(join(cache, 'file'), '');
    process.env.DNA_WEIGHTS = join(cache, 'file');
    expect((await describeTeacher()).fingerprint).toBe(sha256);
    expect((await describeTeacher()).fingerprint).toBe(sha256);
    expect(server.requests.filter((request) => request.startsWith('GET /content'))).toHaveLength(1);
  });

  test('of another revision and file', async () => {
    const path = '/owner/tiny/resolve/v1.0/ema/model.safetensors';
    await serve({}, path);
    const description = await describeTeacher({ weights: 'hf:owner/tiny@v1.0/ema/model.safetensors' });
    expect(description.fingerprint).toBe(sha256);
  });

  test('are timm’s default ones for a network that is named, with its images', async () => {
    const path = '/timm/tf_efficientnet_b1.ns_jft_in1k/resolve/main/model.safetensors';
    await serve({}, path);
    const description = await describeTeacher({
      architecture: 'tf_efficientnet_b1',
      weights: 'pretrained',
      image: 'own',
    });
    expect(description).toMatchObject({
      name: 'tf_efficientnet_b1',
      input: { height: 240, width: 240, channels: 3 },
      preprocessing: { size: 240, crop: 0.882, interpolation: 'bicubic' },
    });
  });

  test.each([
    ['own', 'efficientnet_b1.ft_in1k', 224],
    ['test', 'efficientnet_b1.ft_in1k', 256],
    ['test', 'tf_efficientnet_b1', 240],
  ] as const)('%s images of %s have %i pixels a side', async (image, architecture, side) => {
    const description = await describeTeacher({ architecture, weights: 'untrained', image });
    expect(description.input).toEqual({ height: side, width: side, channels: 3 });
  });

  test('tell the network by the name of their repository', async () => {
    await serve({}, '/timm/tf_efficientnet_b0.ap_in1k/resolve/main/model.safetensors');
    weights = await teacherWeights({ note: false });
    const server = await serve({}, '/timm/tf_efficientnet_b0.ap_in1k/resolve/main/model.safetensors');
    const description = await describeTeacher({ weights: 'hf:timm/tf_efficientnet_b0.ap_in1k' });
    expect(description).toMatchObject({
      name: 'tf_efficientnet_b0.ap_in1k',
      params: 5_288_548,
      preprocessing: { mean: [0.5, 0.5, 0.5] },
    });
    await server.close();
    weights = await teacherWeights();
  });
});

describe('what cannot be downloaded', () => {
  async function error(options?: Partial<TeacherEfficientnetOptions>) {
    const found = await describeTeacher(options).then(
      () => undefined,
      (reason: Error & { code: string; hint: string }) => reason,
    );
    const { code, message, hint } = found!;
    const endpoint = process.env.HF_ENDPOINT ?? 'https://huggingface.co';
    const plain = (text: string) => text.replaceAll(endpoint, 'HUB').replaceAll(cache, 'CACHE');
    return { code, message: plain(message), hint: plain(hint) };
  }

  test('a file that is not there', async () => {
    await serve({}, '/owner/other');
    expect(await error()).toMatchObject({
      code: 'WEIGHTS_NOT_FOUND',
      message: `There is no public file HUB${PATH} (the server answered 404).`,
    });
  });

  test('a repository for members only', async () => {
    await serve({ status: 401 });
    expect(await error()).toMatchObject({ code: 'WEIGHTS_NOT_FOUND' });
  });

  test('a server that fails', async () => {
    await serve({ status: 503 });
    expect(await error()).toMatchObject({
      code: 'WEIGHTS_DOWNLOAD',
      message: `HUB${PATH} could not be downloaded: the server answered 503.`,
      hint: expect.stringContaining('weightsFile'),
    });
  });

  test('no network', async () => {
    const server = await serve();
    await server.close();
    expect(await error()).toMatchObject({
      code: 'WEIGHTS_DOWNLOAD',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('the network is forbidden', async () => {
    process.env.HF_HUB_OFFLINE = '1';
    expect(await error()).toMatchObject({
      code: 'WEIGHTS_DOWNLOAD',
      message: expect.stringContaining('HF_HUB_OFFLINE is set'),
    });
  });

  test('weights that neither a disk nor memory takes', async () => {
    await serve({ size: 2 ** 30 });
    writeFileSync(join(cache, 'file'), '');
    process.env.DNA_WEIGHTS = join(cache, 'file');
    const found = await error();
    expect(found).toMatchObject({
      code: 'WEIGHTS_NOT_KEPT',
      message: expect.stringContaining(
        `HUB${PATH} cannot be kept in CACHE/file/owner/tiny@main, and it is larger`,
      ),
      hint: expect.stringContaining('set DNA_WEIGHTS to a folder that you may write in'),
    });
    expect(found.message).toContain('ENOTDIR');
  });

  test('a connection that gives nothing any more keeps what has arrived', async () => {
    await serve({ breakAfter: 0 });
    expect(await error()).toMatchObject({ code: 'WEIGHTS_DOWNLOAD' });
  });

  test('other bytes than the hub has', async () => {
    const other = Uint8Array.from(weights);
    other[5000]! ^= 1;
    await serve({ other });
    expect(await error()).toMatchObject({
      code: 'WEIGHTS_HASH',
      message: expect.stringContaining(`the hub says ${sha256}`),
    });
    expect(cached().names).toEqual([]);
  });

  test('a server that tells no hash', async () => {
    await serve({ silent: true });
    expect(await error()).toMatchObject({
      code: 'WEIGHTS_DOWNLOAD',
      message: expect.stringContaining('does not say the SHA-256'),
    });
  });

  test('a cached file that has changed is removed and named', async () => {
    await serve();
    await describeTeacher();
    const file = join(cache, 'owner', 'tiny@main', 'model.safetensors');
    const other = Uint8Array.from(weights);
    other[5000]! ^= 1;
    writeFileSync(file, other);
    expect(await error()).toMatchObject({ code: 'WEIGHTS_HASH', message: expect.stringContaining('CACHE') });
    expect((await describeTeacher()).fingerprint).toBe(sha256);
  });

  test.each(['hf:tiny', 'hf:owner/tiny/../x', 'hf:', 'hf:owner/tiny@', 'hf:../..'])('%s', async (weights) => {
    expect(await error({ weights })).toMatchObject({ code: 'WEIGHTS_REFERENCE' });
  });

  test('weights that nobody publishes', async () => {
    expect(await error({ architecture: 'efficientnet_b7', weights: 'pretrained' })).toMatchObject({
      code: 'WEIGHTS_REFERENCE',
      message: expect.stringContaining('no ImageNet weights of efficientnet_b7'),
    });
    expect(await error({ weights: 'pretrained' })).toMatchObject({ code: 'WEIGHTS_REFERENCE' });
  });
});
