// The process of a module: node program.mjs <module> <request as JSON>; its result is the last line of stdout.
import { Budget } from './budget.mjs';

const [module, request] = process.argv.slice(2);
const given = JSON.parse(request);
const budget = new Budget(given.seconds);
const { run } = await import(new URL(module, import.meta.url).href);
const result = await run({ ...given, budget });
process.stdout.write(
  `\nRESULT ${JSON.stringify({ ...result, cuts: [...(result.cuts ?? []), ...budget.cuts] })}\n`,
);
