import { type Check, demand } from '../check.js';

/** Plugins wrap what others answer: `{ ...answer, method }` must keep all that is not replaced. */
export function copyCheck(answer: object): Check {
  return {
    name: 'keeps its members in a copy, so that a plugin can replace one',
    fix: 'Answer a plain object: `{ ...answer, method }` loses what a class or a prototype has.',
    run() {
      const copy = { ...answer };
      const lost = [...membersOf(answer)].filter((name) => !(name in copy));
      demand(lost.length === 0, () => `{ ...answer } has no ${lost.join(', ')}`);
    },
  };
}

/** Names of all members, those of prototypes included. */
function membersOf(answer: object): ReadonlySet<string> {
  const names = new Set(Object.keys(answer));
  for (let at = Object.getPrototypeOf(answer); at && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (name !== 'constructor') names.add(name);
  return names;
}
