/** What the shell does in the browser: a function that is sent as text. */
const FOLLOW = `
const state = document.getElementById('live');
const scrolled = () => [...document.querySelectorAll('.scroll, .picture')];
async function show() {
  const response = await fetch('report');
  const next = new DOMParser().parseFromString(await response.text(), 'text/html');
  const words = (details) => details.querySelector('summary').textContent;
  const open = [...document.querySelectorAll('details[open]')].map(words);
  for (const details of next.querySelectorAll('details')) details.open = open.includes(words(details));
  const places = scrolled().map(({ scrollLeft }) => scrollLeft);
  document.title = next.title;
  document.querySelector('style.page')?.remove();
  const style = document.importNode(next.querySelector('style'), true);
  style.className = 'page';
  document.head.append(style);
  document.querySelector('main').replaceWith(document.importNode(next.querySelector('main'), true));
  for (const [at, one] of scrolled().entries()) one.scrollLeft = places[at] ?? 0;
}
const source = new EventSource('events');
source.addEventListener('page', async ({ data }) => {
  const { state: text, complete } = JSON.parse(data);
  await show();
  state.textContent = 'live: ' + text;
  state.hidden = complete;
  document.documentElement.dataset.state = complete ? 'complete' : 'live';
  if (complete) source.close();
});
source.addEventListener('error', () => { state.textContent = 'The server is gone; this is the last state.'; });
`;

const STYLE = `#live { position: fixed; right: 12px; bottom: 12px; margin: 0; padding: 6px 12px; border-radius: 999px;
max-width: calc(100vw - 24px); font: 13px/1.4 system-ui, sans-serif; color: #fff; background: rgb(0 0 0 / 0.72); }
#live[hidden] { display: none; }`;

/** The page that follows a run: it shows the run's report, and shows it anew when that has changed. */
export function shellPage(nonce: string): string {
  const policy = policyOf(nonce);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>dna</title><style>${STYLE}</style></head>
<body><main></main><p id="live" role="status">live</p><script nonce="${nonce}">${FOLLOW}</script></body></html>
`;
}

/** Nothing but the shell's own program runs, and nothing is asked of another server. */
export function policyOf(nonce: string): string {
  return `default-src 'none'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; script-src 'nonce-${nonce}'`;
}
