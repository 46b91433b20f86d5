import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveConfig } from 'dna-nas/configuration';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen } from '../backend-install/listen.js';

const IMAGES = fileURLToPath(new URL('../golden/imagenet/images/', import.meta.url));

/** A folder with images of three classes in each of `folders`. */
function project(...folders: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'dna-init-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of folders) cpSync(IMAGES, join(folder, name), { recursive: true });
  return folder;
}

const init = (folder: string, ...words: string[]) => listen(['init', ...words], folder, {});

/** The file as data: what `defineConfig` is given. */
function written(folder: string): Record<string, unknown> {
  const text = readFileSync(join(folder, 'dna.config.ts'), 'utf8');
  const [, object] = /defineConfig\((\{[\s\S]*\})\);/.exec(text)!;
  return new Function(`return (${object});`)() as Record<string, unknown>;
}

describe('dna init', () => {
  it('finds the images and writes a configuration that resolves, with the next steps', async () => {
    const folder = project('photos');
    mkdirSync(join(folder, 'notes'));
    const { code, text } = await init(folder);
    expect(code, text).toBe(0);
    expect(text).toMatch(/of 3 classes in \.\/photos, seen at 48×48/);
    expect(text).toContain(
      "dna teacher train --data imagenet --data-options '{ path: ./photos, imageSize: 48 }'",
    );
    const config = written(folder);
    expect(config).toEqual({
      extends: 'auto',
      name: 'photos',
      data: { use: 'imagenet', path: './photos', imageSize: 48 },
      teacher: { use: 'efficientnet', weights: './teacher.safetensors' },
    });
    const { values, reasons } = await resolveConfig({ project: folder, configFile: false, config });
    expect(values.data).toMatchObject({ imageSize: 48 });
    expect(reasons).toHaveProperty(['retrain.epochs']);
  });

  it('takes images without class folders for unlabelled ones, whose networks learn from the teacher', async () => {
    const folder = project();
    cpSync(join(IMAGES, 'apple'), join(folder, 'photos'), { recursive: true });
    cpSync(join(IMAGES, 'pear'), join(folder, 'photos'), { recursive: true, force: false });
    const { code, text } = await init(folder, 'photos');
    expect(code, text).toBe(0);
    expect(text).toMatch(/test images without labels in \.\/photos/);
    expect(text).not.toContain('teacher train');
    const config = written(folder);
    expect(config.data).toMatchObject({ labels: false });
    const { values } = await resolveConfig({
      project: folder,
      configFile: false,
      config: { ...config, teacher: { use: 'efficientnet', architecture: 'tf_efficientnet_lite0' } },
    });
    expect(values.retrain).toMatchObject({ distill: 'logits' });
  });

  it('never writes over what is there, unless it is asked to', async () => {
    const folder = project('photos');
    writeFileSync(join(folder, 'dna.config.ts'), '// mine');
    const refused = await init(folder);
    expect(refused).toMatchObject({ code: 2, text: expect.stringContaining('CONFIG_THERE') });
    expect(readFileSync(join(folder, 'dna.config.ts'), 'utf8')).toBe('// mine');
    expect((await init(folder, '--force')).code).toBe(0);
    expect(written(folder).name).toBe('photos');
    writeFileSync(join(folder, 'dna.config.yaml'), 'name: mine');
    const other = await init(folder, '--force');
    expect(other).toMatchObject({
      code: 2,
      text: expect.stringContaining('dna.config.yaml is here already'),
    });
  });

  it('asks nothing off a terminal: what is open is an error that names the choices', async () => {
    const none = await init(project());
    expect(none).toMatchObject({
      code: 2,
      text: expect.stringContaining('There is no folder of images here'),
    });
    const two = project('cats', 'dogs');
    expect(await init(two)).toMatchObject({
      code: 2,
      text: expect.stringContaining('several folders of images here: cats, dogs'),
    });
    expect(existsSync(join(two, 'dna.config.ts'))).toBe(false);
    expect((await init(two, 'dogs')).code).toBe(0);
    expect(written(two)).toMatchObject({ name: 'dogs', data: { path: './dogs' } });
  });

  it('takes the options that are given', async () => {
    const folder = project("fruit o'mine");
    const { code, text } = await init(folder, "fruit o'mine", '--image-size', '48', '--name', 'fruit');
    expect(code, text).toBe(0);
    expect(written(folder)).toMatchObject({ name: 'fruit', data: { path: "./fruit o'mine", imageSize: 48 } });
    const wrong = await init(folder, "fruit o'mine", '--image-size', 'large', '--force');
    expect(wrong).toMatchObject({ code: 2, text: expect.stringContaining('The image size is "large"') });
    const missing = await init(folder, "fruit o'mine", '--teacher', 'none.pth', '--force');
    expect(missing).toMatchObject({ code: 2, text: expect.stringContaining('There is no file none.pth') });
  });

  it('takes the teacher that is here, and its size', async () => {
    const folder = project('photos');
    const trained = await listen(
      [
        ...[
          'teacher',
          'train',
          '--data',
          'imagenet',
          '--epochs',
          '1',
          '--batch',
          '2',
          '--warm-up-epochs',
          '0',
        ],
        ...['--data-options', '{ path: photos, imageSize: 24 }', '--out', 'mine.safetensors'],
      ],
      folder,
      {},
    );
    expect(trained.code, trained.text).toBe(0);
    const { code, text } = await init(folder);
    expect(code, text).toBe(0);
    expect(text).not.toContain('teacher train');
    expect(written(folder)).toMatchObject({
      data: { imageSize: 24 },
      teacher: { weights: './mine.safetensors' },
    });
    cpSync(join(folder, 'mine.safetensors'), join(folder, 'other.safetensors'));
    expect(await init(folder, '--force')).toMatchObject({
      code: 2,
      text: expect.stringContaining('several files of weights here: mine.safetensors, other.safetensors'),
    });
  });

  it('reads a list too', async () => {
    const folder = project('photos/all');
    const rows = ['apple/colour', 'apple/fine', 'pear/square', 'pear/rotated'].map(
      (name) => `all/${name}.JPEG,${name.split('/')[0]}`,
    );
    writeFileSync(join(folder, 'photos', 'labels.csv'), ['file,label', ...rows].join('\n'));
    const { code, text } = await init(folder);
    expect(code, text).toBe(0);
    expect(text).toMatch(/of 2 classes in \.\/photos/);
    expect((await init(folder, 'photos/labels.csv', '--force')).code).toBe(0);
    expect(written(folder)).toMatchObject({ name: 'labels', data: { path: './photos/labels.csv' } });
  });
});
