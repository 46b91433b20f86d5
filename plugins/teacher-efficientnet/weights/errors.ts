import { DnaError } from 'dna-nas/errors';

const USAGE = { exitCode: 2 };

/** `weights` begins as a reference to the hub and is none. */
export function wrongReference(text: string): DnaError {
  return new DnaError(
    'WEIGHTS_REFERENCE',
    `The option weights is "${text}"; a file of the Hugging Face hub is expected as hf:OWNER/NAME, hf:OWNER/NAME@REVISION or hf:OWNER/NAME/FILE.`,
    'Say hf:timm/tf_efficientnet_b0.ns_jft_in1k, for example.',
    USAGE,
  );
}

/** `weights: pretrained` of a network that timm publishes no weights of. */
export function noPublishedWeights(architecture: string | undefined): DnaError {
  const which = architecture === undefined ? 'a network that is not named' : architecture;
  return new DnaError(
    'WEIGHTS_REFERENCE',
    `The option weights is "pretrained", and timm publishes no ImageNet weights of ${which}.`,
    'Set teacher.architecture to a network that has some, say tf_efficientnet_b0, or teacher.weights to a file.',
    USAGE,
  );
}

/** What can be done where the hub cannot. */
function otherWays(url: string): string {
  return `Check network and proxy (HF_ENDPOINT names a mirror), or download ${url} elsewhere and set teacher.weightsFile to it.`;
}

/** The hub has no such file, or shows it to members only. */
export function notOnHub(url: string, status: number): DnaError {
  return new DnaError(
    'WEIGHTS_NOT_FOUND',
    `There is no public file ${url} (the server answered ${status}).`,
    'Check owner, name, revision and file of teacher.weights; timm’s repositories are called timm/NETWORK.TAG.',
    USAGE,
  );
}

/** The network is forbidden and the file not there. */
export function offline(url: string, folder: string): DnaError {
  return new DnaError(
    'WEIGHTS_DOWNLOAD',
    `HF_HUB_OFFLINE is set, and ${url} was not downloaded to ${folder} before.`,
    'Unset HF_HUB_OFFLINE once, or set teacher.weightsFile to the file.',
  );
}

/** The hub cannot be reached, fails, or breaks off again and again; `bytes` are there already. */
export function downloadFailed(url: string, cause: unknown, bytes = 0): DnaError {
  const kept = bytes > 0 ? `; ${bytes} bytes are kept, and the next start goes on from there` : '';
  return new DnaError(
    'WEIGHTS_DOWNLOAD',
    `${url} could not be downloaded: ${networkReason(cause)}${kept}.`,
    otherWays(url),
    { cause },
  );
}

/** Weights that no disk takes, and that are too large for memory. */
export function notKept(
  url: string,
  { folder, most }: { readonly folder: string; readonly most: number },
  cause: DnaError,
): DnaError {
  return new DnaError(
    'WEIGHTS_NOT_KEPT',
    `${url} cannot be kept in ${folder}, and it is larger than the ${most} bytes that are held in memory. ${cause.message}`,
    `Make room there, set DNA_WEIGHTS to a folder that you may write in, or download it elsewhere and set teacher.weightsFile to it.`,
    { cause, exitCode: cause.exitCode },
  );
}

/** The server does not say by what hash its file can be checked. */
export function hashUnknown(url: string): DnaError {
  return new DnaError(
    'WEIGHTS_DOWNLOAD',
    `${url} could not be downloaded: the server does not say the SHA-256 and size of the file, by which it is checked.`,
    otherWays(url),
  );
}

/** What arrived, or lies in the cache, is not what the hub has. */
export function wrongHash(where: string, found: string, expected: string): DnaError {
  return new DnaError(
    'WEIGHTS_HASH',
    `${where} has the SHA-256 ${found}; the hub says ${expected}.`,
    'It was removed. Run the same command again to download it anew; if that does not help, a proxy or mirror changes it.',
  );
}

/** fetch hides what happened in causes. */
function networkReason(error: unknown): string {
  const { cause, message, code } = error as Error & { code?: string };
  if (cause instanceof Error) return networkReason(cause);
  return [code, message].filter(Boolean).join(': ') || String(error);
}
