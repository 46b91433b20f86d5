import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser that is here, or what CHROMIUM names. */
export const chromium = (process.env.CHROMIUM ? [process.env.CHROMIUM] : BROWSERS).find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** One page of a headless Chromium, by its DevTools protocol over a pipe. */
export class Browser {
  readonly #child: ChildProcess;
  readonly #profile: string;
  readonly #answers = new Map<number, (message: Message) => void>();
  #session: string | undefined;
  #last = 0;
  #text = '';
  /** What the page complained of. */
  readonly errors: string[] = [];
  /** Addresses that it asked for. */
  readonly requests: string[] = [];

  private constructor(name: string) {
    this.#profile = mkdtempSync(join(tmpdir(), 'dna-chromium-'));
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      // Its reporter of crashes would outlive the group and write to the profile.
      '--disable-breakpad',
      '--disable-crash-reporter',
    ];
    const words = [...flags, `--user-data-dir=${this.#profile}`, '--remote-debugging-pipe', 'about:blank'];
    this.#child = spawn(name, words, {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    (this.#child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#heard(text));
  }

  static async open(name: string): Promise<Browser> {
    const browser = new Browser(name);
    const { targetId } = await browser.#call('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.#call('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = sessionId as string;
    for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await browser.#call(`${domain}.enable`);
    return browser;
  }

  /** Opens an address, and waits until an expression is true. */
  async show(address: string, { width, scheme }: Look, until: string): Promise<void> {
    const features = [{ name: 'prefers-color-scheme', value: scheme }];
    await this.#call('Emulation.setEmulatedMedia', { features });
    const size = { width, height: 900, deviceScaleFactor: 1, mobile: false };
    await this.#call('Emulation.setDeviceMetricsOverride', size);
    await this.#call('Page.navigate', { url: address });
    await this.waitFor(until);
  }

  /** @throws Error after a minute. */
  async waitFor(expression: string): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      if (await this.evaluate(expression)) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`never true: ${expression}; ${this.errors.join(' ')}`);
  }

  async evaluate(expression: string): Promise<unknown> {
    const { result } = await this.#call('Runtime.evaluate', { expression, returnByValue: true });
    return (result as { value?: unknown }).value;
  }

  /** Ends the browser with all its processes, each of which writes to the profile, then removes that. */
  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    process.kill(-this.#child.pid!, 'SIGKILL');
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #call(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    const answered = new Promise<Message>((answer) => this.#answers.set(id, answer));
    const message = { id, method, params, ...(this.#session && { sessionId: this.#session }) };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    const { error, result = {} } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  #heard(text: string): void {
    const parts = (this.#text + text).split('\0');
    this.#text = parts.pop()!;
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) this.#answers.get(message.id)?.(message);
      else this.#told(message);
    }
  }

  #told({ method, params = {} }: Message): void {
    if (method === 'Runtime.exceptionThrown' || method === 'Log.entryAdded')
      this.errors.push(JSON.stringify(params));
    if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
      this.errors.push(JSON.stringify(params));
    if (method === 'Network.requestWillBeSent') this.requests.push((params.request as { url: string }).url);
  }
}

/** Whether nothing lies beside the page, and what is wider lies in a box that scrolls and shows so by a shadow. */
export const OFF_THE_PAGE = `(() => {
  const wide = document.documentElement.clientWidth;
  const cued = (element) => {
    const box = element.closest('.scroll, .picture');
    if (!box) return false;
    const { overflowX, backgroundImage } = getComputedStyle(box);
    return overflowX === 'auto' && backgroundImage.includes('gradient') && box.getBoundingClientRect().right <= wide + 1;
  };
  const off = [...document.querySelectorAll('main *')].filter((element) => {
    const { right, width } = element.getBoundingClientRect();
    return width > 0 && right > wide + 1 && !cued(element);
  });
  const beside = document.documentElement.scrollWidth > wide ? ['the page scrolls'] : [];
  return [...beside, ...off.map((element) => element.outerHTML.slice(0, 120))];
})()`;
