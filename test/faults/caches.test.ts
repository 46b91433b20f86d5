import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveConfig } from 'dna-nas/configuration';
import { nodeFiles } from 'dna-nas/files';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CACHES, freshProject, start } from './caches.js';
import { count, sample, spread } from './extent.js';
import { faultsOf, faultyFiles, refusingFiles } from './faulty-files.js';

const HOUR = 3_600_000;
/** A disk that is full, above its quota, read-only or another's, or that fails. */
const CODES = ['ENOSPC', 'EROFS', 'EDQUOT', 'EACCES', 'EIO'];

describe.each(CACHES)('$name', (cache) => {
  test.each(sample(CODES, cache.codes, CODES.length))(
    'are done without on a disk that answers %s, which is said once',
    async (code) => {
      const project = await freshProject(cache);
      const refused = await start(cache, project, refusingFiles(nodeFiles, code));
      expect(refused.notices).toEqual([expect.stringContaining(code)]);
      expect(refused.notices[0]).toMatch(/cannot be kept/);
      expect(await start(cache, project, nodeFiles)).toEqual({
        fingerprint: refused.fingerprint,
        notices: [],
      });
    },
  );

  test(
    'whichever operation fails or dies, all is as if it had not',
    async () => {
      const project = await freshProject(cache);
      const files = faultyFiles(nodeFiles);
      const { fingerprint, notices } = await start(cache, project, files);
      expect(notices).toEqual([]);
      const points = files.operations.flatMap((operation, at) =>
        faultsOf(operation).map((fault) => ({ at, fault })),
      );
      const chosen = spread(sample(points, cache.sample), cache.most);
      for (const { at, fault } of chosen) {
        const where = `operation ${at}, ${files.operations[at]!.name}: ${fault}`;
        const own = await freshProject(cache);
        const faulty = faultyFiles(nodeFiles, at, fault);
        const disturbed = await start(cache, own, faulty).catch((error: Error) => error);
        if (!faulty.dead) expect(disturbed, where).toMatchObject({ fingerprint });
        if ('notices' in disturbed && !faulty.dead) expect(disturbed.notices.length, where).toBeLessThan(2);
        expect(await start(cache, own, nodeFiles), where).toEqual({ fingerprint, notices: [] });
        rmSync(own, { recursive: true, force: true });
      }
      count('starts with a failing operation on a cache', chosen.length);
    },
    HOUR,
  );
});

test('the images of a smoke run, which lie in files alone, are asked for clearly', async () => {
  const project = mkdtempSync(join(tmpdir(), 'dna-caches-'));
  onTestFinished(() => rmSync(project, { recursive: true, force: true }));
  // Nobody can make a folder below a file.
  writeFileSync(join(project, '.cache'), '');
  await expect(resolveConfig({ project, preset: 'paper-b0', smoke: true })).rejects.toMatchObject({
    code: 'SMOKE_IMAGES',
    message: expect.stringMatching(/cannot be written into .*smoke-images: ENOTDIR/),
    hint: expect.stringContaining('--set data.path=FOLDER'),
  });
});
