import { accuracyName } from 'dna-nas/run-tools/words';
import { classNetworks, type NetworkClasses } from './class-results.js';
import { confusions } from './confusions.js';
import { type Markup, tag } from './markup.js';
import { capitalised, count, percent } from './numbers.js';
import type { ReportData } from './run-data.js';

/** Of more classes, those that the first network is worst at are shown. */
const MOST_CLASSES = 50;

/** What each network is right on, by class, and what the first of them takes for what. */
export function classesSection(data: ReportData): Markup | undefined {
  const networks = classNetworks(data);
  const [first] = networks;
  if (!first) return undefined;
  const shown = shownClasses(first);
  const table = tag(
    'table',
    { class: 'names' },
    tag('thead', {}, tag('tr', {}, headings(networks))),
    tag(
      'tbody',
      {},
      shown.map((label) => classRow(label, networks)),
    ),
  );
  return tag(
    'section',
    { 'aria-labelledby': 'classes' },
    tag('h2', { id: 'classes' }, 'Classes'),
    tag('p', {}, words(data, first, shown)),
    tag('div', { class: 'scroll' }, table),
    confusions(first),
  );
}

function words({ summary }: ReportData, first: NetworkClasses, shown: readonly number[]): string {
  const omitted = tested(first).length - shown.length;
  const isUnbalanced = summary.networks.some(({ balanced }) => balanced !== undefined);
  const texts = [
    isUnbalanced
      ? 'Classes have different numbers of test images; balanced accuracy is the mean of these shares.'
      : `${capitalised(accuracyName(summary.networks))}, class by class.`,
    first.agreementWith && 'The teacher’s first answer stands for the class.',
    omitted > 0 && `${count(omitted)} classes that ${first.name} is better at are left out.`,
  ];
  return texts.filter(Boolean).join(' ');
}

/** Classes that have test images. */
function tested({ classes }: NetworkClasses): number[] {
  return classes.flatMap(({ images }, label) => (images > 0 ? [label] : []));
}

/** The classes of the rows, in their order. */
function shownClasses(network: NetworkClasses): number[] {
  const labels = tested(network);
  if (labels.length <= MOST_CLASSES) return labels;
  const share = (label: number) => network.classes[label]!.right / network.classes[label]!.images;
  const worst = [...labels].sort((one, other) => share(one) - share(other)).slice(0, MOST_CLASSES);
  return worst.sort((one, other) => one - other);
}

function headings(networks: readonly NetworkClasses[]): Markup[] {
  const [first] = networks;
  const taken = first?.confused ? [`${first.name} takes it for`] : [];
  const names = ['Class', 'Test images', ...networks.map(({ name }) => name), ...taken];
  return names.map((name) => tag('th', { scope: 'col' }, name));
}

function classRow(label: number, networks: readonly NetworkClasses[]): Markup {
  const [first] = networks;
  const { name, images } = first!.classes[label]!;
  const shares = networks.map(({ classes }) => {
    const own = classes[label];
    return tag('td', {}, own && own.images > 0 ? percent(own.right / own.images) : '–');
  });
  const taken = first!.confused && tag('td', {}, mostTaken(label, first!));
  return tag('tr', {}, tag('th', { scope: 'row' }, name), tag('td', {}, count(images)), shares, taken);
}

/** The class that most of its images are taken for. */
function mostTaken(label: number, { classes, confused }: NetworkClasses): string {
  const most = confused?.find(([of]) => of === label);
  return most ? `${classes[most[1]]!.name} (${count(most[2])})` : '–';
}
