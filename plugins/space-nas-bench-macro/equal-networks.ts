import type { Architecture } from 'dna-nas/core/contracts';
import { OPERATIONS } from './table.js';

const isIdentity = (operation: number) => OPERATIONS[operation]!.mbConv === undefined;

/**
 * The form that equal networks share. Behind a stage's first layer, which changes the shape, an identity does nothing
 * wherever it stands: there they move to the stage's end.
 */
export function canonical(architecture: Architecture): Architecture {
  return architecture.map(({ cell, path }) => {
    const rest = path.slice(1);
    const [idle, working] = [rest.filter(isIdentity), rest.filter((operation) => !isIdentity(operation))];
    return { cell, path: [path[0]!, ...working, ...idle] };
  });
}

/** Layers that are not the identity; in a stage's first layer too, where the identity is a 1×1 convolution. */
export function depth(architecture: Architecture): number {
  return architecture.flatMap(({ path }) => path).filter((operation) => !isIdentity(operation)).length;
}
