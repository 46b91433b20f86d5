/** The published architectures, one list of blocks a stage, behind the depthwise separable first stage. */
function stages(...blocks: string[]): string[][] {
  const se = (block: string) => (/\.\d+$/.test(block) ? block : `${block}_se0.25`);
  return [
    ['ds_r1_k3_s1_c16_se0.25'],
    ...blocks.map((block) => block.split(' ').map((layer) => se(`ir_${layer}`))),
  ];
}

export const DNA = {
  a: stages(
    'r1_k5_s2_e3_c24 r1_k3_e3_c24 r1_k3_e6_c24',
    'r2_k3_s2_e3_c40 r1_k5_e3_c40 r1_k3_e6_c40',
    'r1_k7_s2_e6_c80 r1_k3_e3_c80 r1_k5_e3_c80 r1_k3_e6_c80',
    'r1_k5_e6_c96 r2_k5_e3_c96 r1_k5_e6_c96',
    'r1_k5_s2_e6_c160 r3_k5_e3_c160 r1_k5_e6_c160',
    'r1_k3_e6_c320',
  ),
  b: stages(
    'r1_k3_s2_e3_c24 r1_k5_e3_c24 r1_k7_e6_c24',
    'r1_k7_s2_e6_c40 r1_k5_e3_c40 r1_k7_e6_c40',
    'r1_k5_s2_e6_c80 r2_k5_e3_c80 r1_k3_e6_c80',
    'r1_k5_e6_c96 r2_k5_e3_c96 r1_k5_e6_c96',
    'r1_k7_s2_e6_c192 r3_k5_e3_c192 r1_k7_e6_c192',
    'r1_k3_e6_c320',
  ),
  c: stages(
    'r1_k5_s2_e6_c24 r1_k3_e6_c24',
    'r2_k5_s2_e6_c40 r1_k3_e6_c40 r1_k5_e6_c40',
    'r1_k5_s2_e6_c80 r1_k3_e6_c80 r2_k5_e6_c80',
    'r1_k3_e6_c112 r2_k5_e6_c112 r1_k5_e3_c112',
    'r1_k5_s2_e6_c192 r1_k5_e3_c192 r2_k5_e6_c192',
    'r1_k3_e6_c320',
  ),
  d: stages(
    'r1_k7_s2_e6_c24 r1_k5_e6_c24 r1_k7_e6_c24',
    'r4_k7_s2_e6_c40',
    'r1_k7_s2_e6_c80 r2_k5_e6_c80 r1_k7_e6_c80',
    'r1_k7_e6_c112 r1_k5_e6_c112 r1_k7_e6_c112 r1_k5_e6_c112',
    'r1_k7_s2_e6_c192 r3_k5_e6_c192 r1_k7_e6_c192',
    'r1_k3_e6_c320',
  ),
};
