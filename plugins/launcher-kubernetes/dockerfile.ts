/**
 * The image of the pods: Node, and what backends need of a system. The package, the project and installed backends are on
 * the volume, so that the image needs to be built only once.
 */
export function dockerfile(): string {
  const [major] = process.versions.node.split('.');
  return [
    `FROM node:${major}-bookworm-slim`,
    'RUN apt-get update \\',
    '  && apt-get install --yes --no-install-recommends ca-certificates libgomp1 \\',
    '  && rm -rf /var/lib/apt/lists/*',
    '',
  ].join('\n');
}
