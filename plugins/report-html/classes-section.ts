import type { ClassResult, NetworkResult } from 'dna-nas/core/stages';
import { type Markup, tag } from './markup.js';
import { count, percent } from './numbers.js';
import type { ReportData } from './run-data.js';

/** Of more classes, those that the first network is worst at are shown. */
const MOST_CLASSES = 50;

/** A network that was measured class by class. */
type ByClass = NetworkResult & Required<Pick<NetworkResult, 'perClass'>>;

/** What each network is right on, by class; only where classes are unbalanced. */
export function classesSection({ summary }: ReportData): Markup | undefined {
  const networks = summary.networks.filter(
    (network): network is ByClass => (network.perClass?.length ?? 0) > 0,
  );
  const [first] = networks;
  if (!first) return undefined;
  const shown = shownClasses(first);
  const omitted = first.perClass.length - shown.length;
  const words =
    'Classes have different numbers of test images; balanced accuracy is the mean of these shares. ' +
    (omitted > 0 ? `${count(omitted)} classes that ${first.name} is better at are left out.` : '');
  const head = ['Class', 'Test images', ...networks.map(({ name }) => name)].map((heading) =>
    tag('th', { scope: 'col' }, heading),
  );
  const rows = shown.map((place) =>
    classRow(
      first.perClass[place]!,
      networks.map(({ perClass }) => perClass[place]!),
    ),
  );
  return tag(
    'section',
    { 'aria-labelledby': 'classes' },
    tag('h2', { id: 'classes' }, 'Classes'),
    tag('p', {}, words.trim()),
    tag(
      'div',
      { class: 'scroll' },
      tag('table', {}, tag('thead', {}, tag('tr', {}, head)), tag('tbody', {}, rows)),
    ),
  );
}

/** Places of the classes, in their order. */
function shownClasses({ perClass }: ByClass): number[] {
  const places = perClass.map((_, place) => place);
  if (places.length <= MOST_CLASSES) return places;
  const share = (place: number) => perClass[place]!.right / perClass[place]!.images;
  const worst = [...places].sort((one, other) => share(one) - share(other)).slice(0, MOST_CLASSES);
  return worst.sort((one, other) => one - other);
}

function classRow({ name, images }: ClassResult, ofNetworks: readonly ClassResult[]): Markup {
  const shares = ofNetworks.map(({ right }) => tag('td', {}, percent(right / images)));
  return tag('tr', {}, tag('th', { scope: 'row' }, name), tag('td', {}, count(images)), shares);
}
