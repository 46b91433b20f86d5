import { DnaError, exportNetwork, startRun, type UserConfig } from 'dna-nas';

/**
 * Searches a network, tells how far it is, and writes the network as an ONNX file.
 * @returns the paths of the report and of the model; undefined where the signal stopped it: the same call goes on.
 */
export async function searchAndExport(config: UserConfig, project: string, signal: AbortSignal) {
  const handle = startRun({ project, config: { ...config, reports: ['html'] } }, { signal });
  for await (const { event, data } of handle.events) {
    if (event === 'stageFinished')
      console.log(`${data.stage}: ${data.result} (${data.seconds.toFixed(1)} s)`);
    if (event === 'noticed') console.warn(data);
  }
  try {
    const { folder, files, summary } = await handle.finished;
    console.log(`found ${summary?.architecture}`);
    const model = await exportNetwork({ source: folder, project, output: `${folder}/found.onnx` });
    return {
      report: files.find((file) => file.endsWith('report.html')),
      model: model.files[0]?.path,
    };
  } catch (error) {
    if (error instanceof DnaError && error.code === 'STOPPED') return undefined;
    throw error;
  }
}
