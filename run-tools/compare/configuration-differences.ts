import type { ConfigurationDifference, Json, JsonObject } from 'dna-nas/core';
import { leaves } from 'dna-nas/core/run';
import type { OpenedRun } from './compared-run.js';

/** What is not the same in all runs. Neither names nor reports make another run. */
export function configurationDifferences(runs: readonly OpenedRun[]): ConfigurationDifference[] {
  return treeDifferences(runs.map(({ run, ...opened }) => [run.name, treeOf(opened)]));
}

/** Leaves that are not the same in all trees, which have names. */
export function treeDifferences(
  named: readonly (readonly [name: string, tree: JsonObject])[],
): ConfigurationDifference[] {
  const trees = named.map(([name, tree]) => [name, leaves(tree)] as const);
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

/** Options that make a run: neither its name nor its reports do. */
export function resultOptions(values: JsonObject): JsonObject {
  const { reports: _reports, name: _name, launcher: _launcher, ...own } = values;
  return own;
}

function treeOf({ config, folder }: Pick<OpenedRun, 'config' | 'folder'>): JsonObject {
  const { preset, version, plugins, values } = config;
  const files = plugins.flatMap(({ name, slot, sha256 }) =>
    sha256 === undefined || slot === 'reports' ? [] : [[name, sha256] as const],
  );
  const identity = (folder.readJson('identity') ?? {}) as JsonObject;
  return { preset, version, ...resultOptions(values), files: Object.fromEntries(files), identity };
}
