// Holds exported graph models to @tensorflow/tfjs (npm) in a headless Chromium: node scripts/tfjs-reference.mjs
// A network of every preset's space, and of a space of a user's, with weights and batch-norm statistics that are drawn,
// is exported, loaded in a page by tf.loadGraphModel over HTTP, and run on batches of 1 and 3 images; its logits are
// compared with ours, on the backends that the browser has. Then the page of docs/how-to/ship.md is opened as it stands.
// Without Chromium (or what CHROMIUM names), or where npm does not bring the package, it is skipped. Builds on dist/:
// `node scripts/build.mjs` first.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInBackend } from 'dna-nas/configuration';
import { networkToTfjs } from 'dna-nas/export';
import { EVALUATE, tf } from 'dna-nas/nn';
import { blocksOf } from './docs-commands.mjs';
import { CLASSES, drawImages, IMAGE, presetNetworks } from './exported-networks.mjs';

const PACKAGE = '@tensorflow/tfjs@4.22.0';
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
const BATCHES = [1, 3];
/** Plain JavaScript is slow, and computes a batch as it computes an image. */
const BACKENDS = [
  { backend: 'webgl', batches: BATCHES },
  { backend: 'cpu', batches: [1] },
];
const TOLERANCE = 1e-4;
const MINUTES = 8;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs', 'how-to', 'ship.md');

/** Posts what the shown page says, or why it says nothing. */
const TELL = `<script type="module">
  const tell = (text) => fetch('/done', { method: 'POST', body: JSON.stringify(text) });
  window.addEventListener('unhandledrejection', ({ reason }) => tell(String(reason)));
  const timer = setInterval(() => {
    const text = document.getElementById('says').textContent;
    if (text === '') return;
    clearInterval(timer);
    tell(text);
  }, 100);
</script>`;

function skip(reason) {
  console.log(`skipped: ${reason}`);
  process.exit(0);
}

function findBrowser() {
  const names = process.env.CHROMIUM ? [process.env.CHROMIUM] : BROWSERS;
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  return found ?? skip(`there is no ${names.join(', ')} here`);
}

/** The bundle for browsers, from a folder of packages or from npm. */
function bundle(folder) {
  const packages = process.env.DNA_TFJS ?? folder;
  const words = ['install', '--silent', '--ignore-scripts', '--prefix', folder, PACKAGE];
  if (!process.env.DNA_TFJS && spawnSync('npm', words).status !== 0)
    skip(`npm does not bring ${PACKAGE} here`);
  return readFileSync(join(packages, 'node_modules', '@tensorflow', 'tfjs', 'dist', 'tf.min.js'));
}

const bytesOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);

/** A network's files under its number, and images and logits of each batch. */
async function caseFiles({ create }, at, files) {
  const network = create();
  for (const count of BATCHES) {
    const shape = [count, IMAGE.height, IMAGE.width, IMAGE.channels];
    const images = drawImages(count);
    const logits = tf.tidy(() => network.forward(tf.tensor(images, shape), EVALUATE).dataSync());
    files.set(`/${at}/input-${count}`, bytesOf(images));
    files.set(`/${at}/output-${count}`, bytesOf(logits));
  }
  network.dispose();
  for (const [name, bytes] of await networkToTfjs(create, { image: IMAGE }))
    files.set(`/${at}/${name}`, bytes);
}

/** What the page does: a function that is sent as text. */
async function compareModels({ cases, image, backends }) {
  const numbers = async (path) => new Float32Array(await (await fetch(path)).arrayBuffer());
  const compare = async (at, batches) => {
    const model = await globalThis.tf.loadGraphModel(`/${at}/model.json`);
    let worst = 0;
    for (const count of batches) {
      const x = globalThis.tf.tensor(await numbers(`/${at}/input-${count}`), [count, ...image]);
      const found = await model.predict(x).data();
      const expected = await numbers(`/${at}/output-${count}`);
      const largest = Math.max(...expected.map(Math.abs));
      if (found.length !== expected.length) throw new Error(`${found.length} logits, not ${expected.length}`);
      for (const [place, value] of expected.entries())
        worst = Math.max(worst, Math.abs(value - found[place]) / largest);
    }
    model.dispose();
    return worst;
  };
  const results = [];
  for (const { backend, batches } of backends) {
    if (!(await globalThis.tf.setBackend(backend).catch(() => false))) continue;
    for (let at = 0; at < cases; at++) results.push({ backend, at, worst: await compare(at, batches) });
  }
  return results;
}

function pageOf(options) {
  return `<!doctype html><script src="/tf.js"></script><script>
(${compareModels})(${JSON.stringify(options)})
  .then((results) => ({ results }), (error) => ({ error: String(error?.stack ?? error) }))
  .then((body) => fetch('/done', { method: 'POST', body: JSON.stringify(body) }));
</script>`;
}

/** Serves files by their paths; what is posted to `/done` is told. */
function serve(files, told) {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/done') {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => told(JSON.parse(Buffer.concat(chunks).toString())));
      response.end();
      return;
    }
    const content = files.get(pathname);
    const type = pathname.endsWith('.html') ? 'text/html' : 'application/octet-stream';
    if (content === undefined) response.writeHead(404).end();
    else response.setHeader('content-type', type).end(content);
  });
}

/** Ends a browser, which writes its profile until then. */
function ended(page) {
  if (!page || page.exitCode !== null) return undefined;
  return new Promise((resolve) => {
    page.once('exit', resolve);
    page.kill();
  });
}

/** Opens a page of what is served, and answers what it posts. */
async function openPage(path, { browser, files, folder }) {
  let server;
  let page;
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      server = serve(files, resolve).listen(0, '127.0.0.1', () => {
        const address = `http://127.0.0.1:${server.address().port}${path}`;
        const words = ['--headless', '--no-sandbox', `--user-data-dir=${join(folder, 'profile')}`, address];
        page = spawn(browser, words, { stdio: 'ignore' });
        page.on('exit', (code) => reject(new Error(`${browser} ended with ${code}`)));
      });
      timer = setTimeout(() => reject(new Error(`no answer within ${MINUTES} minutes`)), MINUTES * 60_000);
    });
  } finally {
    clearTimeout(timer);
    await ended(page);
    server.close();
    server.closeAllConnections();
  }
}

async function compareAll(files, inBrowser) {
  const networks = await presetNetworks();
  for (const [at, network] of networks.entries()) await caseFiles(network, at, files);
  const image = [IMAGE.height, IMAGE.width, IMAGE.channels];
  const page = { cases: networks.length, image, backends: BACKENDS };
  files.set('/compare.html', pageOf(page));
  const { results = [], error } = await inBrowser('/compare.html');
  if (error !== undefined) throw new Error(`the page failed: ${error}`);
  for (const { backend, at, worst } of results) {
    const fits = worst < TOLERANCE;
    if (!fits) process.exitCode = 1;
    console.log(`${fits ? 'ok    ' : 'FAILED'} ${worst.toExponential(1)}  ${backend}  ${networks[at].name}`);
  }
  if (results.length < networks.length) throw new Error(`${results.length} models were compared`);
}

/** The page that the docs show, with the files that it names: a model, an image, and the bundle. */
async function followPage(files, inBrowser) {
  const shown = blocksOf(readFileSync(PAGE, 'utf8')).find(({ language }) => language === 'html').content;
  const [{ create }] = await presetNetworks();
  const classNames = Array.from({ length: CLASSES }, (_, at) => `class ${at}`);
  const metadata = { ...IMAGE, mean: [0.5, 0.5, 0.5], std: [0.2, 0.2, 0.2], classNames };
  for (const [name, bytes] of await networkToTfjs(create, { image: IMAGE, metadata }))
    files.set(`/web/${name}`, bytes);
  files.set('/node_modules/@tensorflow/tfjs/dist/tf.min.js', files.get('/tf.js'));
  files.set('/image.png', readFileSync(join(ROOT, 'docs', 'images', 'report.png')));
  files.set('/page.html', `${shown}${TELL}`);
  const said = await inBrowser('/page.html');
  console.log(`the page of docs/how-to/ship.md: ${said}`);
  if (!/^class \d: \d+ %$/.test(said)) process.exitCode = 1;
}

const folder = mkdtempSync(join(tmpdir(), 'dna-tfjs-'));
try {
  const browser = findBrowser();
  const files = new Map([['/tf.js', bundle(folder)]]);
  await (await builtInBackend('wasm')).start({ workers: 1 });
  const inBrowser = (path) => openPage(path, { browser, files, folder });
  await compareAll(files, inBrowser);
  await followPage(files, inBrowser);
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
}
