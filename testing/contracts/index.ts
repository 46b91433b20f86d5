import type { ResolveAnswer, ResolveHook } from 'dna-nas/core';
import type { Check } from '../check.js';
import { backendChecks } from './backend.js';
import { copyCheck } from './copies.js';
import { dataChecks } from './data.js';
import { lossChecks } from './loss.js';
import { spaceChecks } from './space.js';
import { teacherChecks } from './teacher.js';
import { optimiserChecks, samplerChecks, scheduleChecks } from './training.js';

/** What an answer of each kind must hold; kinds that are missing are checked as every plugin is, no further. */
export const CONTRACTS: { readonly [Hook in ResolveHook]?: (answer: ResolveAnswer<Hook>) => Check[] } =
  Object.freeze({
    resolveBackend: backendChecks,
    resolveData: dataChecks,
    resolveLoss: (loss) => [copyCheck(loss), ...lossChecks(loss)],
    resolveOptimiser: optimiserChecks,
    resolveRating: (rating) => [copyCheck(rating)],
    resolveSampler: samplerChecks,
    resolveSchedule: scheduleChecks,
    resolveSpace: (space) => [copyCheck(space), ...spaceChecks(space)],
    resolveSupernet: (supernet) => [copyCheck(supernet)],
    resolveTeacher: teacherChecks,
  });
