import type { JsonObject } from 'dna-nas/core';
import type { Split } from 'dna-nas/core/contracts';

/** Images that a network is measured on, where no run says which. */
export interface EvaluationImages {
  /** A folder of images in folders of classes, or the name of a data plugin. */
  readonly data: string;
  /** Further options of the data plugin. */
  readonly options?: JsonObject;
  /** Of a folder: a file of the classes in the order of the network's outputs, one a line. */
  readonly classes?: string | undefined;
  /** Of a folder: height and width. @default what timm measures the network at */
  readonly imageSize?: number | undefined;
}

/** Networks of a run, on the run's own data. */
export interface RunNetworks {
  /** The run's folder. */
  readonly run: string;
  /** The only one to measure. @default all, without those of the best epoch */
  readonly network?: string | undefined;
  /** `inherited`: those of the run's trained cells. @default 'retrained' */
  readonly weights?: 'retrained' | 'inherited' | undefined;
  /** Options of kind `machine` by dotted path: `{ 'data.path': '/data' }`. */
  readonly machine?: JsonObject;
}

/** A published network, as the teacher plugin has it. */
export interface PublishedNetwork {
  readonly teacher: string;
  /** A file, `pretrained`, or `hf:OWNER/NAME`. @default what the teacher plugin asks for */
  readonly weights?: string | undefined;
  readonly images: EvaluationImages;
}

/** A published network, or one of a space, with weights from a file. */
export interface CheckpointNetwork {
  /** A published name, or the line that a search found. */
  readonly architecture: string;
  /** A safetensors or PyTorch file. */
  readonly checkpoint: string;
  /** The space that the line is read in: `{ use: 'mbconv', … }`. */
  readonly space: JsonObject & { readonly use: string };
  readonly images: EvaluationImages;
}

export type MeasuredSubject = RunNetworks | PublishedNetwork | CheckpointNetwork;

/** What `evaluateNetworks` is asked for. */
export interface EvaluationRequest {
  readonly subject: MeasuredSubject;
  /** @default 'test' */
  readonly split?: Split;
  /** Backend plugin. @default `auto`, or the run's own */
  readonly backend?: string | undefined;
  /** Images at a time. @default 50 */
  readonly batch?: number;
  /** Folder that relative paths start from. @default process.cwd() */
  readonly project?: string;
  /** Told what a user should know: what is measured with what, and warnings. */
  noticed?(text: string): void;
}

/** The request of one kind of networks, with what is the same for all. */
export type RequestOf<Subject extends MeasuredSubject> = Subject & {
  readonly split: Split;
  readonly backend: string | undefined;
  readonly project: string;
  noticed(text: string): void;
};
