// What must hold of a release, as lists of what is wrong; empty: all is well. They read nothing by themselves.

/** Of the changelog: its newest section is of this version and has a date. */
export function changelogProblems(changelog, version) {
  const [, heading = ''] = /^## (.+)$/m.exec(changelog) ?? [];
  const [, named, day] = /^(\S+) \((\d{4}-\d\d-\d\d)\)$/.exec(heading) ?? [];
  if (named === version && !Number.isNaN(Date.parse(day))) return [];
  return [
    `CHANGELOG.md begins with "## ${heading}"; expected "## ${version} (YYYY-MM-DD)", the day of the release.`,
  ];
}

/** Of the places that tell the version beside package.json. */
export function versionProblems({ lock, citation }, version) {
  const problems = [];
  if (lock.version !== version || lock.packages[''].version !== version)
    problems.push(
      `package-lock.json has the version ${lock.version}; npm install --package-lock-only mends it.`,
    );
  if (!citation.split('\n').includes(`version: ${version}`))
    problems.push(`CITATION.cff does not say "version: ${version}".`);
  return problems;
}

/** Of the manifest: nothing of ours runs when a stranger installs the package. */
export function manifestProblems({ scripts = {} }) {
  return ['preinstall', 'install', 'postinstall']
    .filter((name) => name in scripts)
    .map((name) => `package.json has a script ${name}, which would run on every machine that installs it.`);
}

/** npm packs these whatever `files` says. */
const ALWAYS = ['package.json', 'README.md', 'LICENSE'];

/**
 * Of what `npm pack` would pack: the files under version control that `files` names, and what was built, each of them
 * and nothing else.
 */
export function contentProblems({ packed, tracked, built, files }) {
  const isNamed = (path) => files.some((name) => path === name || path.startsWith(`${name}/`));
  const expected = new Set([...ALWAYS, ...tracked.filter(isNamed), ...built]);
  const has = new Set(packed);
  const stray = packed.filter((path) => !expected.has(path));
  const missing = [...expected].filter((path) => !has.has(path));
  return [
    ...stray.map((path) => `${path} would be packed and is neither tracked nor built.`),
    ...missing.map((path) => `${path} would not be packed.`),
  ];
}
