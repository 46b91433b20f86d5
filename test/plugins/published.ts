/** The paper's four networks, `repeats×kernel/stride/expansion/channels` written as one word a row of layers. */
const TABLE = {
  a: 'k5s2e3c24 k3e3c24 k3e6c24 | r2k3s2e3c40 k5e3c40 k3e6c40 | k7s2e6c80 k3e3c80 k5e3c80 k3e6c80 | k5s1e6c96 r2k5e3c96 k5e6c96 | k5s2e6c160 r3k5e3c160 k5e6c160 | k3s1e6c320',
  b: 'k3s2e3c24 k5e3c24 k7e6c24 | k7s2e6c40 k5e3c40 k7e6c40 | k5s2e6c80 r2k5e3c80 k3e6c80 | k5s1e6c96 r2k5e3c96 k5e6c96 | k7s2e6c192 r3k5e3c192 k7e6c192 | k3s1e6c320',
  c: 'k5s2e6c24 k3e6c24 | r2k5s2e6c40 k3e6c40 k5e6c40 | k5s2e6c80 k3e6c80 r2k5e6c80 | k3s1e6c112 r2k5e6c112 k5e3c112 | k5s2e6c192 k5e3c192 r2k5e6c192 | k3s1e6c320',
  d: 'k7s2e6c24 k5e6c24 k7e6c24 | r4k7s2e6c40 | k7s2e6c80 r2k5e6c80 k7e6c80 | k7s1e6c112 k5e6c112 k7e6c112 k5e6c112 | k7s2e6c192 r3k5e6c192 k7e6c192 | k3s1e6c320',
} as const;

/** Published parameters with a 1000-class head, and multiply-adds at 224×224. */
const COUNTS = {
  a: { params: 4_243_318, macs: 335_141_728 },
  b: { params: 4_918_180, macs: 392_492_032 },
  c: { params: 5_273_896, macs: 450_138_976 },
  d: { params: 6_409_486, macs: 592_837_792 },
} as const;

const STEM = 'ds_r1_k3_s1_c16_se0.25';

function blockString(word: string): string {
  const match = /^(?:r(\d))?k(\d)(?:s(\d))?e(\d)c(\d+)$/.exec(word);
  if (!match) throw new Error(`"${word}" is not of the table's form.`);
  const [, repeats = '1', kernel, stride = '1', expansion, channels] = match;
  return `ir_r${repeats}_k${kernel}_s${stride}_e${expansion}_c${channels}_se0.25`;
}

export const PUBLISHED = (Object.keys(TABLE) as (keyof typeof TABLE)[]).map((name) => {
  const blocks = TABLE[name].split(' | ').map((block) => block.split(' ').map(blockString).join(' '));
  return { name: `DNA-${name}`, text: [STEM, ...blocks].join(' | '), ...COUNTS[name] };
});
