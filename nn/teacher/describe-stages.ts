import type { FeatureShape, NetworkTensor, StagedNetwork, TeacherStage } from 'dna-nas/core/contracts';

/** The stages of a network as a teacher's description tells them. Allocates no tensor. */
export function describeStages(network: StagedNetwork, image: FeatureShape): TeacherStage[] {
  const macsBehind = network.forwardFrom ? network.macsBehind?.(image) : undefined;
  return network.stageShapes(image).map((output, stage) => ({
    ...{ name: `stage ${stage + 1}`, output },
    ...(macsBehind && { macsBehind: macsBehind[stage]! }),
    ...(network.tensorsBehind && { shapesBehind: shapesOf(network.tensorsBehind(stage)) }),
  }));
}

function shapesOf(tensors: ReadonlyMap<string, NetworkTensor>): Record<string, readonly number[]> {
  return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
}
