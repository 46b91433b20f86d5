// node other-limits.cjs RUN MACS: the best network of a run below a number of multiply-adds.
async function main([folder, macs]) {
  const { search } = await import('dna-nas');
  const { best } = await search({ folder, limits: { macs: Number(macs) } });
  console.log(JSON.stringify({ text: best.text, macs: best.costs.macs }));
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = error.exitCode ?? 1;
});
