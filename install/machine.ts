import { accessSync, constants, mkdirSync, statfsSync } from 'node:fs';
import { installRequires } from './errors.js';
import type { InstalledBackend } from './installed-backend.js';
import { runTool } from './run-tool.js';

/** As Node names them; `glibc` is undefined where the C library is another one. */
export interface Platform {
  readonly platform: string;
  readonly arch: string;
  readonly glibc: string | undefined;
}

/** The platform of this process. */
export function thisPlatform(): Platform {
  const { platform, arch, report } = process;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return { platform, arch, glibc: header.glibcVersionRuntime };
}

/** What the wheels of libtorch and TensorFlow are compiled for: glibc 2.28 and 2.27. */
const OLDEST_GLIBC = 28;

/** @throws DnaError `BACKEND_REQUIRES` on machines that the wheels are not for. */
export function requirePlatform(backend: InstalledBackend, { platform, arch, glibc }: Platform): void {
  const [, minor] = /^2\.(\d+)/.exec(glibc ?? '') ?? [];
  if (platform === 'linux' && arch === 'x64' && Number(minor) >= OLDEST_GLIBC) return;
  const library = platform === 'linux' ? ` with ${glibc === undefined ? 'no glibc' : `glibc ${glibc}`}` : '';
  throw installRequires(
    backend,
    `it needs Linux on x86-64 with glibc 2.${OLDEST_GLIBC} or newer, and this is ${platform} on ${arch}${library}`,
    'Use the wasm backend, which works here: --set backend=wasm.',
  );
}

/** Makes the folder that all goes to. */
export function requireFolder(backend: InstalledBackend, folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw installRequires(
      backend,
      `the folder ${folder} cannot be written to (${code})`,
      'Set DNA_BACKENDS to a folder that you may write to, for this command and for runs.',
    );
  }
}

/** @param bytes that the folder's disk must have free */
export function requireSpace(backend: InstalledBackend, folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw installRequires(
    backend,
    `${folder} needs ${gigabytes(bytes)} on its disk, of which ${gigabytes(free)} are free`,
    'Make room, or set DNA_BACKENDS to a folder on another disk, for this command and for runs.',
  );
}

/** Older ones do not take several platforms for a download. */
const OLDEST_PIP = 21;

/** pip is needed for the download alone. @throws DnaError `BACKEND_REQUIRES` */
export async function requirePip(backend: InstalledBackend): Promise<void> {
  const otherwise = `or use ${backend.instead}.`;
  const python = await runTool('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']);
  if (python?.status !== 0) {
    throw installRequires(
      backend,
      python === undefined ? 'there is no python3' : 'python3 is older than 3.8',
      `Install it: \`sudo apt install python3 python3-pip\` or \`sudo dnf install python3 python3-pip\`; ${otherwise}`,
    );
  }
  const pip = await runTool('python3', ['-m', 'pip', '--version']);
  const [, version] = /^pip (\d+)/m.exec(pip?.output ?? '') ?? [];
  if (Number(version) >= OLDEST_PIP) return;
  throw installRequires(
    backend,
    pip?.status === 0 ? `pip ${version} is older than ${OLDEST_PIP}` : 'python3 has no pip',
    pip?.status === 0
      ? `Bring it up to date: \`python3 -m pip install --upgrade pip\`; ${otherwise}`
      : `Install it: \`sudo apt install python3-pip\`, or \`python3 -m ensurepip\`; ${otherwise}`,
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
