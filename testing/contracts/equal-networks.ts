import type { Architecture, Costs, SearchSpace } from 'dna-nas/core/contracts';
import { type Check, demand } from '../check.js';

/** What must hold of `canonical`; nothing where the space has none. */
export function canonicalCheck(
  space: SearchSpace,
  drawn: readonly Architecture[],
  costsOf: (architecture: Architecture) => Costs,
): Check[] {
  if (!space.canonical) return [];
  const run = () => {
    for (const architecture of drawn) checkCanonical(space, architecture, costsOf);
  };
  return [
    {
      name: 'gives equal networks one canonical form',
      fix: 'Let canonical put out an architecture of the space that computes the same and is its own canonical form.',
      run,
    },
  ];
}

function checkCanonical(
  space: SearchSpace,
  architecture: Architecture,
  costsOf: (architecture: Architecture) => Costs,
): void {
  const canonical = space.canonical!(architecture);
  const [text, form] = [architecture, canonical].map((one) => space.formatArchitecture(one));
  const again = space.formatArchitecture(space.canonical!(canonical));
  demand(again === form, () => `${form} is the canonical form of ${text}, and ${again} is that of ${form}`);
  const read = space.formatArchitecture(space.parseArchitecture(form!));
  demand(read === form, () => `the canonical form ${form} is read as ${read}`);
  const [own, shared] = [architecture, canonical].map(costsOf);
  for (const name of ['macs', 'params']) {
    demand(
      own![name] === shared![name],
      () => `${text} costs ${own![name]} ${name}, and its canonical form ${form} costs ${shared![name]}`,
    );
  }
}

/** What must hold of `depth`; nothing where the space has none. */
export function depthCheck(space: SearchSpace, drawn: readonly Architecture[]): Check[] {
  if (!space.depth) return [];
  const run = () => {
    for (const architecture of drawn) checkDepth(space, architecture);
  };
  return [
    {
      name: 'counts the layers that compute something',
      fix: 'Let depth put out a whole number of layers, at most all of them, the same for equal networks.',
      run,
    },
  ];
}

function checkDepth(space: SearchSpace, architecture: Architecture): void {
  const text = space.formatArchitecture(architecture);
  const depth = space.depth!(architecture);
  const layers = architecture.reduce((sum, { path }) => sum + path.length, 0);
  demand(
    Number.isInteger(depth) && depth >= 0 && depth <= layers,
    () => `the depth of ${text} is ${depth}; it has ${layers} layers`,
  );
  const shared = space.depth!(space.canonical?.(architecture) ?? architecture);
  demand(depth === shared, () => `the depth of ${text} is ${depth}, and ${shared} in its canonical form`);
}
