import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A value of an image that depends on all of its place. */
export function cifarByte(image: number, channel: number, row: number, column: number): number {
  return (image * 37 + channel * 91 + row * 7 + column * 3) % 256;
}

/** Records of CIFAR-10's binary version: the label, then planes of red, green and blue. Image i has class i modulo 10. */
export function cifarRecords(first: number, count: number): Uint8Array {
  const bytes = new Uint8Array(count * 3073);
  for (let index = 0; index < count; index++) {
    const image = first + index;
    let at = index * 3073;
    bytes[at++] = image % 10;
    for (let channel = 0; channel < 3; channel++)
      for (let row = 0; row < 32; row++)
        for (let column = 0; column < 32; column++) bytes[at++] = cifarByte(image, channel, row, column);
  }
  return bytes;
}

/** A folder of the binary version with five files of 10 training images each, and 20 test images. */
export function makeCifarFolder(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (let batch = 0; batch < 5; batch++)
    writeFileSync(join(folder, `data_batch_${batch + 1}.bin`), cifarRecords(10 * batch, 10));
  writeFileSync(join(folder, 'test_batch.bin'), cifarRecords(50, 20));
  return folder;
}
