/** The stages of a run, in order. */
export const STAGES = [
  'backend',
  'data',
  'teacher',
  'space',
  'partition',
  'supernet',
  'distill',
  'rank',
  'search',
  'retrain',
  'report',
] as const;

export type StageName = (typeof STAGES)[number];
