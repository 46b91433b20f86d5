import { DnaError } from './dna-error.js';

/** An error on its way between threads. */
export interface PlainError {
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly exitCode?: number;
  readonly stack?: string;
}

/** An error as plain data; the code of one of ours stays. */
export function plainError(error: unknown): PlainError {
  if (error instanceof DnaError) {
    const { code, message, hint, exitCode, stack } = error;
    return { code, message, exitCode, ...(hint && { hint }), ...(stack && { stack }) };
  }
  if (error instanceof Error) return { message: error.message, ...(error.stack && { stack: error.stack }) };
  return { message: String(error) };
}

/** The error again, of our class where it has a code. */
export function errorFromPlain(plain: PlainError): Error {
  if (plain.code === undefined) {
    const error = new Error(plain.message);
    if (plain.stack) error.stack = plain.stack;
    return error;
  }
  const error = new DnaError(plain.code, plain.message, plain.hint, { exitCode: plain.exitCode ?? 1 });
  if (plain.stack) error.stack = plain.stack;
  return error;
}
