import type { ClassAnswers } from 'dna-nas/accuracy';
import type { ClassResult, NetworkResult } from 'dna-nas/core/stages';
import type { ReportData } from './run-data.js';

/** Networks that stand side by side. */
const MOST_NETWORKS = 4;

/** What a network told of every class. */
export interface NetworkClasses
  extends Pick<NetworkResult, 'name' | 'agreementWith'>,
    Partial<Pick<ClassAnswers, 'confused'>> {
  readonly classes: readonly ClassResult[];
}

/**
 * What is known of them. Of runs of earlier versions the summary tells
 * that, where classes are unbalanced, and not what is confused.
 */
export function classNetworks({ summary, answers = [] }: ReportData): NetworkClasses[] {
  return shownNetworks(summary.networks).flatMap(({ name, agreementWith, perClass }): NetworkClasses[] => {
    const told = answers.find((one) => one.name === name);
    if (told) return [{ ...told, classes: resultsOf(told) }];
    return perClass && perClass.length > 0 && answers.length === 0
      ? [{ name, classes: perClass, ...(agreementWith && { agreementWith }) }]
      : [];
  });
}

/** Those of a run's networks that are shown class by class, the found one first. */
export function shownNetworks(networks: readonly NetworkResult[]): NetworkResult[] {
  const isFound = ({ name }: NetworkResult) => Number(name === 'found');
  return [...networks].sort((one, other) => isFound(other) - isFound(one)).slice(0, MOST_NETWORKS);
}

function resultsOf({ classes, images, right }: ClassAnswers): ClassResult[] {
  return classes.map((name, label) => ({ name, images: images[label]!, right: right[label]! }));
}
