// Runs a module of the check in a process of its own, which may crash or hang without taking the check along.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./program.mjs', import.meta.url));
/** What a module gets beyond its time to end by itself, before it is stopped. */
const GRACE_SECONDS = 10;
const KEPT_OUTPUT = 4000;
const MARK = 'RESULT ';

/** Processes that are under way. */
const running = new Set();

/**
 * Calls `run(request)` of a module below this folder.
 * @param {string} module `parts/driver.mjs`
 * @param {{ seconds: number }} request plain data
 * @param {{ group?: boolean, environment?: object }} [options] `group`: what the process starts is stopped with it
 * @returns {Promise<{ result: object } | { failure: string }>}
 */
export function runModule(module, request, { group = false, environment = {} } = {}) {
  const words = [PROGRAM, module, JSON.stringify(request)];
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, words, { env, detached: group, stdio: ['ignore', 'pipe', 'pipe'] });
  const entry = { pid: child.pid, group };
  running.add(entry);
  const output = collect(child);
  const stopAfter = 1000 * (request.seconds + GRACE_SECONDS);
  const timer = setTimeout(() => {
    entry.late = true;
    stop(entry);
  }, stopAfter);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ failure: error.message }));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      running.delete(entry);
      resolve(outcome(output, { code, signal, late: entry.late, seconds: request.seconds + GRACE_SECONDS }));
    });
  });
}

/** Ends everything that is under way. */
export function stopAll() {
  for (const entry of running) stop(entry);
}

function stop({ pid, group }) {
  try {
    process.kill(group ? -pid : pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

function collect(child) {
  const output = { result: '', text: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (output.result += text));
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output.text = (output.text + text).slice(-KEPT_OUTPUT);
    if (process.env.DNA_GPU_CHECK_LOG) process.stderr.write(text);
  });
  return output;
}

function outcome({ result, text }, { code, signal, late, seconds }) {
  const line = result.split('\n').findLast((each) => each.startsWith(MARK));
  if (line && code === 0) return { result: JSON.parse(line.slice(MARK.length)) };
  const last = text.trim().split('\n').slice(-12).join('\n');
  if (late) return { failure: `it was stopped after ${seconds.toFixed(0)} s\n${last}`.trim() };
  const end = signal ? `signal ${signal}` : `exit code ${code}`;
  return { failure: `it ended with ${end}\n${last}`.trim() };
}
