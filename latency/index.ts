/** Milliseconds of a space's layers, measured where networks are to run, and what networks take by them. */
export { describeLatency, layerSpread } from './describe-latency.js';
export { type ExportedLatency, exportLatency } from './files/export-latency.js';
export { type Latencies, latenciesOf, latencyCosts } from './latency-costs.js';
export type { LatencyRecord } from './latency-record.js';
export { type MeasureRequest, measureLatency } from './measure/measure-latency.js';
export { listLayers, type SpaceLayer } from './space/list-layers.js';
export { type OpenedSpace, openSpace } from './space/open-space.js';
export type { Correction, JudgedNetwork, Judgement } from './table/correction.js';
export type { LatencyTable, LayerRow, NetworkRow, TableShape } from './table/latency-table.js';
export { readFinishedTable } from './table/read-table.js';
