import { numberOfPath } from 'dna-nas/core/space';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PathTree } from '../../dist/plugins/rank-candidates/path-tree.js';

const choices = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });

it('has for each node as many below it as it says, whatever the layers have to choose from', () => {
  fc.assert(
    fc.property(choices, (each) => {
      const tree = new PathTree(each);
      expect(tree.size).toBe([...tree.nodes()].length);
      for (const node of tree.nodes()) expect(tree.sizeAt(node)).toBe([...tree.nodes(node)].length);
    }),
  );
});

it('has paths in the order of their numbers, each after the first one through its nodes', () => {
  fc.assert(
    fc.property(choices, (each) => {
      const tree = new PathTree(each);
      const leaves = [...tree.nodes()].filter(({ layer }) => layer === each.length - 1);
      expect(leaves.map((leaf) => tree.firstPath(leaf))).toEqual([...leaves.keys()]);
      for (const { prefix } of leaves) {
        const along = tree.along(prefix);
        expect(along.map(({ layer }) => layer)).toEqual([-1, ...each.keys()]);
        const firsts = along.map((node) => tree.firstPath(node));
        expect(firsts).toEqual(firsts.toSorted((a, b) => a - b));
        expect(firsts.at(-1)).toBe(numberOfPath(prefix, each));
      }
    }),
  );
});
