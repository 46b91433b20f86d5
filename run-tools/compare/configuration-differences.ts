import type { ConfigurationDifference, Json, JsonObject } from 'dna-nas/core';
import { leaves } from 'dna-nas/core/run';
import type { OpenedRun } from './compared-run.js';

/** What is not the same in all runs. Neither names nor reports make another run. */
export function configurationDifferences(runs: readonly OpenedRun[]): ConfigurationDifference[] {
  const trees = runs.map(({ run, ...opened }) => [run.name, leaves(treeOf(opened))] as const);
  const paths = [...new Set(trees.flatMap(([, tree]) => [...tree.keys()]))].sort();
  return paths
    .filter((path) => new Set(trees.map(([, tree]) => tree.get(path))).size > 1)
    .map((path) => ({
      path,
      values: Object.fromEntries(
        trees.flatMap(([name, tree]) => {
          const text = tree.get(path);
          return text === undefined ? [] : [[name, JSON.parse(text) as Json]];
        }),
      ),
    }));
}

function treeOf({ config, folder }: Pick<OpenedRun, 'config' | 'folder'>): JsonObject {
  const { preset, version, plugins } = config;
  const { reports: _reports, name: _name, ...values } = config.values as JsonObject;
  const files = plugins.flatMap(({ name, slot, sha256 }) =>
    sha256 === undefined || slot === 'reports' ? [] : [[name, sha256] as const],
  );
  const identity = (folder.readJson('identity') ?? {}) as JsonObject;
  return { preset, version, ...values, files: Object.fromEntries(files), identity };
}
