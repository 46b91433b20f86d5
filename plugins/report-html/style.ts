/** Colours of runs that are laid over one another, on light and on dark ground. */
const RUNS = [
  ['#1f6fd0', '#5aa2f5'],
  ['#c65a11', '#f0924a'],
  ['#237f4d', '#57c48b'],
  ['#8740a8', '#c48be0'],
  ['#b3234b', '#f0718f'],
  ['#776700', '#d1bd45'],
  ['#0d7884', '#4fc1ce'],
  ['#5f5d58', '#b4b2ab'],
] as const;

const runColours = (scheme: 0 | 1) => RUNS.map((pair, run) => `--run-${run + 1}: ${pair[scheme]};`).join(' ');

const RUN_CLASSES = RUNS.map((_, index) => {
  const [name, colour] = [`run-${index + 1}`, `var(--run-${index + 1})`];
  return `.swatch.${name} { background: ${colour}; } svg .curve-${name} { fill: none; stroke: ${colour};
  stroke-width: 2; stroke-linejoin: round; } svg .band-${name} { fill: ${colour}; opacity: 0.14; }
svg .name-${name} { fill: ${colour}; font-weight: 600; } svg .mark-${name} { fill: ${colour}; stroke: var(--card);
  stroke-width: 2; } svg .line-${name} { stroke: ${colour}; } svg .fill-${name} { fill: ${colour}; }`;
}).join('\n');

/** Shades of counts, the lighter the fewer; what lies below shows through, the shadow of a box that scrolls too. */
const SHADE_CLASSES = [1, 2, 3, 4, 5]
  .map((shade) =>
    ['right', 'wrong']
      .map((kind) => {
        const colour = kind === 'right' ? 'found' : 'random';
        return `.${kind}-${shade} { background: color-mix(in srgb, var(--${colour}) ${11 * shade}%, transparent); }`;
      })
      .join(' '),
  )
  .join('\n');

/** The page's style sheet: both colour schemes, print, and no resource from outside. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f5f2; --card: #ffffff; --ink: #1d1c1a; --soft: #5f5d58; --faint: #8b8983; --rule: #e5e3de;
  --found: #1f6fd0; --random: #c65a11; --teacher: #75736d; --bar: #c9d3df; --line: #9aa9ba;
  --shade: rgb(0 0 0 / 0.22);
  --k1: #e3dff8; --k1-ink: #352b74; --k2: #a99ff0; --k2-ink: #1d1548; --k3: #6a58cf; --k3-ink: #ffffff;
  --k4: #3c2f94; --k4-ink: #ffffff; --k0: #e7e5e0; --k0-ink: #1d1c1a;
  ${runColours(0)}
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141413; --card: #1e1e1c; --ink: #f1f0ec; --soft: #b4b2ab; --faint: #85837c; --rule: #34332f;
    --found: #5aa2f5; --random: #f0924a; --teacher: #a09e97; --bar: #46505c; --line: #6b7a8b;
    --shade: rgb(255 255 255 / 0.24);
    --k1: #332c63; --k1-ink: #ddd8ff; --k2: #5a4bb5; --k2-ink: #ffffff; --k3: #9487ee; --k3-ink: #150f3a;
    --k4: #d3ccff; --k4-ink: #150f3a; --k0: #3a3935; --k0-ink: #f1f0ec;
    ${runColours(1)}
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 40px 20px 56px; }
header p { margin: 6px 0 0; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 0 0 4px; letter-spacing: -0.005em; }
section > p { margin: 0 0 16px; color: var(--soft); max-width: 68ch; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 22px 24px 24px;
  margin-top: 20px; }
.kicker { color: var(--soft); font-size: 14px; }
.lead { font-size: 18px; max-width: 62ch; margin-top: 14px; }
.warning { border: 2px solid var(--random); border-radius: 12px; padding: 12px 18px; margin-top: 16px; font-weight: 620; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 22px 0 0; }
.tiles div { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 14px 18px; }
.tiles dt { color: var(--soft); font-size: 14px; }
.tiles dd { margin: 0; }
.tiles .value { font-size: 27px; font-weight: 620; letter-spacing: -0.015em; line-height: 1.25; }
.tiles .note { color: var(--soft); font-size: 13.5px; }
.scroll, .picture { overflow-x: auto; background:
  linear-gradient(to right, var(--card) 40%, transparent) left / 40px 100% no-repeat local,
  linear-gradient(to left, var(--card) 40%, transparent) right / 40px 100% no-repeat local,
  linear-gradient(to right, var(--shade), transparent) left / 16px 100% no-repeat scroll,
  linear-gradient(to left, var(--shade), transparent) right / 16px 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding-bottom: 8px; }
th, td { padding: 8px 12px 8px 0; border-bottom: 1px solid var(--rule); text-align: right; white-space: nowrap; }
th { font-weight: 560; font-size: 13px; color: var(--soft); }
tbody th { color: var(--ink); font-size: 15px; } td { font-size: 15px; }
th:first-child, td:first-child, td.text, th.text { text-align: left; }
th:last-child, td:last-child { padding-right: 0; }
tbody tr:last-child > * { border-bottom: 0; }
tr.strong td { font-weight: 620; }
td.text { white-space: normal; overflow-wrap: anywhere; }
.swatch { display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 9px; }
.swatch.found { background: var(--found); } .swatch.random { background: var(--random); }
.swatch.teacher, .swatch.other { background: var(--teacher); }
code { font: 13.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--page); border: 1px solid var(--rule); border-radius: 8px; padding: 10px 14px; margin: 16px 0 0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
details { margin-top: 14px; } summary { cursor: pointer; color: var(--soft); font-size: 14px; }
details .scroll { margin-top: 8px; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 20px 26px; }
.grid .picture svg { min-width: 0 !important; max-width: 420px !important; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 0 0 14px; padding: 0; list-style: none;
  color: var(--soft); font-size: 14px; }
.legend .box { display: inline-block; width: 15px; height: 15px; border-radius: 4px; margin-right: 7px;
  vertical-align: -2px; }
svg { display: block; width: 100%; height: auto; font-family: inherit; }
svg text { fill: var(--soft); font-size: 13px; }
svg .strong { fill: var(--ink); font-weight: 600; font-size: 14px; }
svg .value { fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .tick { fill: var(--faint); font-size: 12px; font-variant-numeric: tabular-nums; }
svg .name-found { fill: var(--found); font-weight: 600; } svg .name-random { fill: var(--random); font-weight: 600; }
svg .rule { stroke: var(--rule); stroke-width: 1; } svg .axis { stroke: var(--line); stroke-width: 1; }
svg .flow { stroke: var(--line); stroke-width: 2; } svg .limit { stroke: var(--soft); stroke-dasharray: 5 4; }
svg .bar { fill: var(--bar); } svg .bar.main { fill: var(--found); }
svg .front { fill: none; stroke: var(--line); stroke-width: 2; stroke-linejoin: round; }
svg .curve-found, svg .curve-random, svg .curve-other { fill: none; stroke: var(--found); stroke-width: 2; stroke-linejoin: round; }
svg .curve-other { stroke: var(--line); stroke-width: 1.5; } svg path.curve-other:hover { stroke: var(--ink); }
svg .curve-random { stroke: var(--random); } svg .band-found { fill: var(--found); opacity: 0.16; }
svg .band-random { fill: var(--random); opacity: 0.16; }
svg .point { fill: var(--line); stroke: var(--card); stroke-width: 1.5; }
svg .mark-found { fill: var(--found); stroke: var(--card); stroke-width: 2; }
svg .mark-random { fill: var(--random); stroke: var(--card); stroke-width: 2; }
svg .at-found { stroke: var(--found); stroke-width: 2.5; } svg .at-random { stroke: var(--random); stroke-width: 2;
  stroke-dasharray: 4 3; }
.k0 { background: var(--k0); fill: var(--k0); } .k1 { background: var(--k1); fill: var(--k1); }
.k2 { background: var(--k2); fill: var(--k2); } .k3 { background: var(--k3); fill: var(--k3); }
.k4 { background: var(--k4); fill: var(--k4); }
svg .k0-ink { fill: var(--k0-ink); } svg .k1-ink { fill: var(--k1-ink); } svg .k2-ink { fill: var(--k2-ink); }
svg .k3-ink { fill: var(--k3-ink); } svg .k4-ink { fill: var(--k4-ink); }
.range { display: block; color: var(--soft); font-size: 12.5px; font-weight: 400; }
section > p.note { margin: 14px 0 0; font-size: 14px; } h3 { font-size: 16px; margin: 22px 0 0; }
h3 + p.note { margin: 2px 0 12px !important; }
.names tbody th { white-space: normal; overflow-wrap: anywhere; min-width: 8em; }
.matrix { width: auto; } .matrix th, .matrix td { padding: 4px 5px; border: 1px solid var(--rule); font-size: 13px; }
.matrix td { min-width: 32px; text-align: center !important; } .matrix thead td { border: 0; }
.matrix th span { display: block; max-width: 140px; overflow: hidden; text-overflow: ellipsis; }
.matrix th.turned { vertical-align: bottom; text-align: left; }
.matrix th.turned span { writing-mode: vertical-rl; transform: rotate(180deg); max-height: 140px; }
${SHADE_CLASSES}
.examples { display: grid; grid-template-columns: repeat(auto-fill, minmax(128px, 1fr)); gap: 18px 16px; }
.examples figure { margin: 0; min-width: 0; } .examples svg { max-width: 160px; }
.examples figcaption { font-size: 14px; margin-top: 6px; overflow-wrap: anywhere; line-height: 1.35; }
.examples strong { font-weight: 600; } .examples .wrong strong { color: var(--random); }
svg .spot { opacity: 0.85; stroke: var(--faint); stroke-width: 0.6; }
svg .map { image-rendering: pixelated; } svg .frame { fill: none; stroke: var(--line); stroke-width: 0.75; }
svg .in-box { font-weight: 600; font-size: 13px; }
${RUN_CLASSES}
svg .curve-thin { stroke-width: 1; opacity: 0.55; } svg .found-one { stroke-width: 2.25; opacity: 1; }
p.text { overflow-wrap: anywhere; margin-top: 10px; }
footer { color: var(--faint); font-size: 13.5px; margin-top: 24px; }
@media (max-width: 600px) { main { padding-top: 24px; } section { padding: 18px 16px; } }
@media print { body { background: #fff; } section { break-inside: avoid; } }
`;
