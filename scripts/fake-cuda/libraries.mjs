// Compiles the fake libraries of NVIDIA's into a folder: those that are written here, and for all else that libtorch is
// linked with, libraries whose functions say their name and end the process.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inParallel, run } from './tools.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const RUNTIME = 'libcudart.so.13';

/** Sources of the libraries that are written here. */
const WRITTEN = {
  [RUNTIME]: readdirSync(join(HERE, 'runtime'))
    .filter((name) => name.endsWith('.cpp'))
    .map((name) => `runtime/${name}`),
  'libcublas.so.13': ['libraries/cublas.cpp'],
  'libcublasLt.so.13': ['libraries/cublas-lt.cpp'],
  'libcudnn.so.9': ['libraries/cudnn.cpp'],
  'libcuda.so.1': ['libraries/driver.cpp'],
};

/** Functions of libraries whose symbols do not name them. */
const BY_NAME = {
  'libcusparseLt.so.0': /^cusparseLt/,
  'libnccl.so.2': /^nccl/,
  'libcufile.so.0': /^cuFile/,
  'libcurand.so.10': /^curand/,
  'libcuda.so.1': /^cu[A-Z]/,
};

const OURS = /^lib(cu|nv|nccl)/;

const COMPILE = ['-std=c++17', '-O1', '-g', '-fPIC', '-Wall', '-Wextra', '-Werror'];

/**
 * @param torch folder of libtorch's libraries
 * @param toolkit folder of the CUDA toolkit, whose `lib` gets the libraries
 * @param compiler g++'s command
 */
export async function buildLibraries({ torch, toolkit, compiler }) {
  const { versions, symbols } = await needsOf(torch);
  const objects = join(toolkit, 'fake');
  mkdirSync(objects, { recursive: true });
  const request = { compiler, objects, lib: join(toolkit, 'lib'), include: join(toolkit, 'include') };
  await inParallel(Object.values(WRITTEN).flat(), (source) => compileSource(source, request));
  const link = (name) => {
    // Most libraries name the version of their symbols by themselves; some have none.
    const version = versions.get(name) ?? name;
    return linkLibrary({ name, version, wanted: wantedOf({ name, version }, symbols) }, request);
  };
  await link(RUNTIME);
  const others = [...versions.keys()].filter((name) => name !== RUNTIME);
  await inParallel(others, link);
}

/** Libraries that libtorch's are linked with and their symbols' version; all symbols: `cublasCreate_v2@libcublas.so.13`. */
async function needsOf(torch) {
  const versions = new Map();
  const symbols = new Set();
  for (const name of readdirSync(torch).filter((file) => file.endsWith('.so'))) {
    const file = join(torch, name);
    for (const [, library] of (await run('readelf', ['-d', file])).matchAll(/\(NEEDED\).*\[(.*)\]/g)) {
      if (OURS.test(library) && !versions.has(library)) versions.set(library, undefined);
    }
    const found = (await run('readelf', ['-V', file])).matchAll(/File: (\S+) .*\n.*Name: (\S+)/g);
    for (const [, library, version] of found) if (OURS.test(library)) versions.set(library, version);
    for (const [, symbol] of (await run('nm', ['-D', '--undefined-only', file])).matchAll(/ U (\S+)$/gm)) {
      symbols.add(symbol);
    }
  }
  return { versions, symbols };
}

function wantedOf({ name: library, version: own }, symbols) {
  const names = [...symbols].map((symbol) => symbol.split(/@+/));
  const wanted = names.filter(([name, version]) =>
    version === undefined ? BY_NAME[library]?.test(name) : version === own,
  );
  return [...new Set(wanted.map(([name]) => name))].sort();
}

function objectOf(source, { objects }) {
  return join(objects, `${basename(source)}.o`);
}

function compileSource(source, request) {
  const words = [
    ...COMPILE,
    '-I',
    request.include,
    '-c',
    join(HERE, source),
    '-o',
    objectOf(source, request),
  ];
  return run(request.compiler, words);
}

async function linkLibrary({ name, version, wanted }, request) {
  const { compiler, lib, objects } = request;
  const own = (WRITTEN[name] ?? []).map((source) => objectOf(source, request));
  const [missing, script] = [join(objects, `${name}.c`), join(objects, `${name}.versions`)];
  writeFileSync(missing, missingFunctions(wanted, await definedIn(own)));
  writeFileSync(script, `${version} { global: *; };\n`);
  const runtime = name === RUNTIME ? [] : [join(lib, RUNTIME)];
  await run(compiler, [
    ...['-shared', '-fPIC', '-o', join(lib, name), ...own, '-x', 'c', missing, '-x', 'none', ...runtime],
    ...[`-Wl,-soname,${name}`, `-Wl,--version-script,${script}`, '-Wl,-rpath,$ORIGIN'],
  ]);
}

async function definedIn(objects) {
  if (objects.length === 0) return new Set();
  const text = await run('nm', ['--defined-only', ...objects]);
  return new Set([...text.matchAll(/ [TDBR] (\S+)$/gm)].map(([, name]) => name));
}

function missingFunctions(wanted, defined) {
  const missing = wanted.filter((name) => !defined.has(name));
  return [
    '#include <stdio.h>',
    '#include <stdlib.h>',
    'static void stop(const char *name) {',
    '  fprintf(stderr, "fake-cuda: %s is called, which the fake libraries do not have; write it in scripts/fake-cuda\\n", name);',
    '  abort();',
    '}',
    ...missing.map((name) => `void ${name}(void) { stop("${name}"); }`),
    '',
  ].join('\n');
}
