import { createInterface } from 'node:readline';
import { wrongUsage } from 'dna-nas/errors';

/** Asks a person, or takes what is proposed where there is none. */
export interface Answers {
  /** The answer, or the proposal where it is empty. Off a terminal a question without a proposal is an error. */
  ask(
    question: string,
    told: { proposal?: string | undefined; missing: string; fix: string },
  ): Promise<string>;
  close(): void;
}

/** On a terminal it asks; elsewhere it takes proposals. */
export function openAnswers(): Answers {
  return process.stdin.isTTY && process.stderr.isTTY ? askPerson() : takeProposals();
}

function askPerson(): Answers {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  return {
    async ask(question, { proposal, missing, fix }) {
      process.stderr.write(`${question}${proposal === undefined ? '' : ` (${proposal})`}: `);
      const { value, done } = await lines.next();
      // Whoever ends the input has not agreed to anything.
      const answer = done ? '' : value.trim() || (proposal ?? '');
      if (answer === '') throw wrongUsage(missing, fix);
      return answer;
    },
    close: () => input.close(),
  };
}

function takeProposals(): Answers {
  return {
    async ask(_question, { proposal, missing, fix }) {
      if (proposal === undefined) throw wrongUsage(missing, fix);
      return proposal;
    },
    close: () => undefined,
  };
}
