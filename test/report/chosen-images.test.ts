import type { Dataset } from 'dna-nas/core/contracts';
import { chosenImages } from 'dna-nas/run-tools';
import { describe, expect, it } from 'vitest';

const FILES = ['n01/a.JPEG', 'n01/7', 'n02/b.JPEG', 'n02/c.JPEG', 'n03/d.JPEG', 'n03/e.JPEG'];

function dataset(names?: readonly string[]): Dataset {
  return {
    description: { size: { train: 100, validation: 6, test: 3 } },
    ...(names && { name: (_: string, index: number) => names[index]! }),
  } as unknown as Dataset;
}

describe('chosenImages', () => {
  const choose = (images: string[], split?: 'test', names: readonly string[] | undefined = FILES) => [
    ...chosenImages(dataset(names), { images, ...(split && { split }) }),
  ];

  it('takes indices and names of files, whole or without folders', () => {
    expect(choose(['5', 'n02/c.JPEG', 'a.JPEG'])).toEqual([5, 3, 0]);
    expect(choose(['7'])).toEqual([1]);
    expect(choose(['2'], 'test')).toEqual([2]);
  });

  it('spreads a few evenly where nobody chooses', () => {
    expect(choose([])).toEqual([0, 2, 3, 5]);
    expect(choose([], 'test')).toEqual([0, 1, 2]);
  });

  it('says what there is, and what comes near', () => {
    const fails = (image: string, names?: readonly string[]) => () => choose([image], undefined, names);
    expect(fails('6')).toThrow(
      'The validation split has no image "6"; an index from 0 to 5 or the name of a file',
    );
    expect(fails('n02/cc.JPEG')).toThrow(expect.objectContaining({ hint: 'Did you mean n02/c.JPEG?' }));
    expect(() => chosenImages(dataset(), { images: ['a.JPEG'] })).toThrow(
      'an index from 0 to 5 was expected',
    );
  });
});
