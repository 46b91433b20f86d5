/**
 * The parts of the check in their order: each is a module of its name in `parts/`, and a process of its own. `seconds`
 * is what it may take of eight minutes on 16 cores.
 */
export const PARTS = [
  { name: 'driver', seconds: 10 },
  { name: 'installation', seconds: 130 },
  { name: 'conformance', seconds: 75 },
  { name: 'kernels', seconds: 50 },
  { name: 'steps', seconds: 110 },
  { name: 'losses', seconds: 40 },
  { name: 'out-of-memory', seconds: 20 },
  { name: 'leaks', seconds: 25 },
  { name: 'determinism', seconds: 20 },
];

/** Minutes that all parts together may take, unless another number is asked for. */
export const MINUTES = PARTS.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
