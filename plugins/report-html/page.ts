import { architectureSection } from './architecture-section.js';
import { auditSection } from './audit-section.js';
import { classesSection } from './classes-section.js';
import { configurationSection } from './configuration-section.js';
import { examplesSection } from './examples-section.js';
import { featuresSection } from './features/features-section.js';
import { frontSection } from './front-section.js';
import { latencySection } from './latency-section.js';
import { lossesSection } from './losses-section.js';
import { tag } from './markup.js';
import { leadSentence, networkSection, tiles } from './network-section.js';
import { duration } from './numbers.js';
import { operationsSection } from './operations-section.js';
import { ratingsSection } from './ratings-section.js';
import type { ReportData } from './run-data.js';
import { timeSection } from './time-section.js';
import { trainingSection } from './training-section.js';
import { wholePage } from './whole-page.js';

/** The whole page: one file that needs nothing else. The same data give the same text. */
export function reportPage(data: ReportData): string {
  const kind = data.summary.rating === null ? 'training from scratch' : 'architecture search';
  return wholePage(
    { title: `${data.name}: ${kind}`, images: data.features !== undefined || data.examples !== undefined },
    header(data),
    networkSection(data),
    classesSection(data),
    examplesSection(data),
    trainingSection(data),
    architectureSection(data),
    lossesSection(data),
    ratingsSection(data),
    operationsSection(data),
    auditSection(data),
    frontSection(data),
    latencySection(data),
    featuresSection(data),
    timeSection(data),
    configurationSection(data),
  );
}

function header(data: ReportData) {
  const { preset, seed, backend, seconds } = data.summary;
  const facts = [preset && `preset ${preset}`, `seed ${seed}`, `backend ${backend}`, duration(seconds)];
  return tag(
    'header',
    {},
    tag('p', { class: 'kicker' }, facts.filter(Boolean).join(' · ')),
    tag('h1', {}, data.name),
    (data.summary.warnings ?? []).map((warning) => tag('p', { class: 'warning', role: 'alert' }, warning)),
    tag('p', { class: 'lead' }, leadSentence(data)),
    tiles(data),
  );
}
