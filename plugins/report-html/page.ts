import { architectureSection } from './architecture-section.js';
import { auditSection } from './audit-section.js';
import { classesSection } from './classes-section.js';
import { featuresSection } from './features/features-section.js';
import { frontSection } from './front-section.js';
import { lossesSection } from './losses-section.js';
import { styleSheet, tag } from './markup.js';
import { leadSentence, networkSection, tiles } from './network-section.js';
import { duration } from './numbers.js';
import { ratingsSection } from './ratings-section.js';
import type { ReportData } from './run-data.js';
import { STYLE } from './style.js';
import { timeSection } from './time-section.js';
import { trainingSection } from './training-section.js';

/** Forbids the browser to load anything, should a text of the run ever slip through unescaped. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
/** Pictures of feature maps lie in the page itself. */
const IMAGES = '; img-src data:';

/** The whole page: one file that needs nothing else. The same data give the same text. */
export function reportPage(data: ReportData): string {
  const kind = data.summary.rating === null ? 'training from scratch' : 'architecture search';
  const title = `${data.name}: ${kind}`;
  const head = tag(
    'head',
    {},
    tag('meta', { charset: 'utf-8' }),
    tag('meta', {
      'http-equiv': 'Content-Security-Policy',
      content: data.features ? POLICY + IMAGES : POLICY,
    }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('title', {}, title),
    styleSheet(STYLE),
  );
  const main = tag(
    'main',
    {},
    header(data),
    networkSection(data),
    classesSection(data),
    trainingSection(data),
    architectureSection(data),
    lossesSection(data),
    ratingsSection(data),
    auditSection(data),
    frontSection(data),
    featuresSection(data),
    timeSection(data),
    tag('footer', {}, 'Blockwise supervised architecture search with dna-nas.'),
  );
  return `<!doctype html>\n${tag('html', { lang: 'en' }, head, tag('body', {}, main)).markup}\n`;
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
