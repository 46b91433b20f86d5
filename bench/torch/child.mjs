// A process that answers requests line by line, and the same from within: how both sides of a comparison are driven.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

/** Threads of a library go on spinning for a moment when their work is done. */
const SETTLE_MILLISECONDS = 30;

/** A long-lived process that reads requests from stdin and writes replies to stdout, JSON both, one a line. */
export class Child {
  /** Milliseconds of the cores that the process had taken when it last replied. */
  cpu = 0;
  #process;
  #lines;
  #name;

  /** Starts a program and waits until it is ready. @throws If it ends before. */
  static async start(name, [program, ...words], environment = {}) {
    const child = new Child();
    child.#name = name;
    child.#process = spawn(program, words, {
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    child.#process.on('error', () => undefined);
    child.#process.stdin.on('error', () => undefined);
    child.#lines = createInterface({ input: child.#process.stdout })[Symbol.asyncIterator]();
    await child.#reply();
    return child;
  }

  /** The reply to a request, once the machine is at rest. @throws If the process tells an error or ends. */
  async ask(request) {
    await pause(SETTLE_MILLISECONDS);
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#reply();
  }

  close() {
    this.#process.stdin.end();
  }

  async #reply() {
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) throw new Error(`${this.#name} has ended`);
      if (!value.startsWith('{')) continue;
      const reply = JSON.parse(value);
      if (reply.error) throw new Error(`${this.#name}: ${reply.error}`);
      const { cpu, ...rest } = reply;
      this.cpu = cpu;
      return rest;
    }
  }
}

/**
 * The other end: answers `{"do": name, …}` by `answers[name]`, until the input ends.
 * @param {() => Promise<Record<string, (request: object) => unknown>>} open makes the answers; may fail
 */
export async function serve(open) {
  const reply = (value) => process.stdout.write(`${JSON.stringify({ ...value, cpu: cpuMilliseconds() })}\n`);
  try {
    const answers = await open();
    reply({ ready: true });
    for await (const line of createInterface({ input: process.stdin })) {
      const request = JSON.parse(line);
      reply(await answers[request.do](request));
    }
  } catch (error) {
    reply({ error: [error.message, error.hint].filter(Boolean).join(' ') });
    process.exitCode = 1;
  }
}

function cpuMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
