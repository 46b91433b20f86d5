import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import type { TestedBackend } from './backends.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const require = createRequire(import.meta.url);

/**
 * tfjs-core publishes its tests as modules whose imports Node cannot resolve. This puts them, the backend as built in
 * `dist/`, and what both import into one module with a single copy of tfjs-core, and writes it to `file`.
 */
export async function bundleTests(backend: TestedBackend, file: string): Promise<void> {
  await build({
    stdin: {
      contents: program(backend),
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      loader: 'ts',
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    // tfjs's packages as modules, not as their bundles for Node, each of which has tfjs-core inside or beside it.
    mainFields: ['module', 'main'],
    banner: {
      js: "import * as module_ from 'node:module'; const require = module_.createRequire(import.meta.url);",
    },
    // tfjs-core declares its tests to be without effects.
    ignoreAnnotations: true,
    plugins: [ownLocation, strictComparison, externals],
    logLevel: 'error',
    outfile: file,
  });
}

function program({ module, start }: TestedBackend): string {
  return `
    import { prepare, runSpecs } from './child/program.js';
    import { ${start} } from '${module}';
    import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
    await prepare(${start});
    await import('@tensorflow/tfjs-core/dist/tests.js');
    await runSpecs();
  `;
}

/** Our modules find their files beside themselves, not beside the bundle. */
const ownLocation: Plugin = {
  name: 'own-location',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]dist[\\/].*\.js$/ }, async ({ path }) => {
      if (!path.startsWith(ROOT) || path.includes('node_modules')) return undefined;
      const text = await readFile(path, 'utf8');
      return { contents: text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) };
    });
  },
};

/** tfjs's comparison takes NaN, Infinity and -Infinity for one another; here each is equal to itself alone. */
const strictComparison: Plugin = {
  name: 'strict-comparison',
  setup({ onLoad }) {
    onLoad({ filter: /tfjs-core[\\/]dist[\\/]test_util\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const contents = text.replace(
        /(if \(!isFinite\(a\) && !isFinite\(e\)\) \{\s*return) true;/,
        '$1 Object.is(Number(a), Number(e));',
      );
      if (contents === text) throw new Error(`${path} compares numbers in another way than was expected.`);
      return { contents };
    });
  },
};

/** What has to stay a file of its own: Jasmine, of which there is one, and Emscripten's modules. */
const externals: Plugin = {
  name: 'externals',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^jasmine-core$/ }, ({ path }) => ({ path: require.resolve(path), external: true }));
    onResolve({ filter: /^jasmine-core\/lib\// }, ({ path }) => ({ path, namespace: 'jasmine' }));
    onLoad({ filter: /./, namespace: 'jasmine' }, () => ({
      contents: "module.exports = { core: () => require('jasmine-core').boot() };",
    }));
    onResolve({ filter: /wasm-out\/.*\.js$/ }, ({ path }) => ({
      path: require.resolve(`@tensorflow/tfjs-backend-wasm/dist/${path}`),
      external: true,
    }));
  },
};
