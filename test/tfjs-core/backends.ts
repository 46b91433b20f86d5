/** A backend that tfjs-core's own tests run on. */
export interface TestedBackend {
  /** Its name in tfjs. */
  readonly name: string;
  /** The module that starts it, and the function that does, called with `options`. */
  readonly module: string;
  readonly start: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** tfjs flags that its start sets, and that a reset of tfjs's engine loses. */
  readonly flags: Readonly<Record<string, boolean | number>>;
}

/** Ours. */
export const BACKENDS = {
  cpu: { name: 'cpu', module: 'dna-nas/plugins/backend-cpu', start: 'startCpuBackend', flags: {} },
  wasm: {
    name: 'wasm',
    module: 'dna-nas/plugins/backend-wasm',
    start: 'startWasmBackend',
    flags: { WASM_HAS_MULTITHREAD_SUPPORT: false },
  },
  torch: {
    name: 'torch',
    module: 'dna-nas/plugins/backend-torch',
    start: 'startTorchBackend',
    options: { device: 'cpu' },
    flags: {},
  },
  cuda: {
    name: 'tensorflow',
    module: 'dna-nas/plugins/backend-cuda',
    start: 'startCudaBackend',
    options: { device: 'cpu' },
    flags: {},
  },
} as const satisfies Record<string, TestedBackend>;

export type BackendName = keyof typeof BACKENDS;
