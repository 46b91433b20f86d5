import type { tf } from 'dna-nas/nn';
import {
  type NativeAttribute,
  type NativeTensor,
  type NodeBackend,
  type NodePackage,
  TYPES,
} from './binding.js';
import { Constants } from './constants.js';
import { Variables } from './variables.js';

/** The package's backend with constants that stay on the device, and ops of TensorFlow by name. */
export interface CudaBackend extends NodeBackend {
  readonly package: NodePackage;
  readonly precision: 'float32' | 'tf32';
  readonly constants: Constants;
  readonly variables: Variables;
  /** Runs an op of TensorFlow; its outputs are the caller's to `adopt` or `release`. */
  execute(
    name: string,
    inputs: readonly number[],
    attributes: readonly NativeAttribute[],
    outputs: number,
  ): NativeTensor[];
  /** Makes a tensor of TensorFlow one of tfjs's. */
  adopt(tensor: NativeTensor): tf.TensorInfo;
  release(id: number): void;
}

const DTYPES: Readonly<Record<number, tf.DataType>> = {
  [TYPES.float32]: 'float32',
  [TYPES.int32]: 'int32',
  [TYPES.bool]: 'bool',
};

/** The class can be made only when the package is there. */
export function makeBackendClass(
  loaded: NodePackage,
): new (settings: {
  precision: 'float32' | 'tf32';
}) => CudaBackend {
  return class extends loaded.Backend {
    readonly package = loaded;
    readonly precision: 'float32' | 'tf32';
    readonly constants = new Constants(loaded.binding);
    readonly variables = new Variables(loaded.binding);

    constructor({ precision }: { precision: 'float32' | 'tf32' }) {
      // The name decides only what the package does with dilated 3-D convolutions on the CPU.
      super(loaded.binding, loaded.binding.isUsingGpuDevice() ? '@tensorflow/tfjs-node-gpu' : 'cpu');
      this.precision = precision;
    }

    execute(
      name: string,
      inputs: readonly number[],
      attributes: readonly NativeAttribute[],
      outputs: number,
    ): NativeTensor[] {
      return this.binding.executeOp(name, attributes, inputs, outputs);
    }

    adopt({ id, shape, dtype }: NativeTensor): tf.TensorInfo {
      const dataId = {};
      this.tensorMap.set(dataId, { shape, dtype, id, values: null, refCount: 1 });
      return { dataId, shape, dtype: DTYPES[dtype]! };
    }

    release(id: number): void {
      this.binding.deleteTensor(id);
    }

    /** A number that meets an op of tfjs's is a new tensor each time: all of one value share one on the device. */
    override getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[] {
      for (const { dataId } of tensors) {
        const data = dataId && this.tensorMap.get(dataId);
        if (!data || data.values === null || data.shape.length > 0 || data.dtype !== TYPES.float32) continue;
        data.id = this.constants.borrow((data.values as Float32Array)[0]!);
        data.values = null;
      }
      return super.getInputTensorIds(tensors);
    }

    override disposeData(dataId: object, force = false): boolean {
      const data = this.tensorMap.has(dataId) ? this.tensorMap.get(dataId) : undefined;
      if (!data || !this.constants.isBorrowed(data.id)) return super.disposeData(dataId, force);
      data.refCount--;
      if (!force && data.refCount > 0) return false;
      this.constants.giveBack(data.id);
      this.constants.trim();
      this.tensorMap.delete(dataId);
      return true;
    }
  };
}
