import { z } from 'zod';
import { type ManifestObject, nameOf } from '../rendering/manifest.ts';

const scaler = z.object({
  spec: z.object({ scaleTargetRef: z.object({ kind: z.string().default('Deployment'), name: z.string() }) }),
});

const SCALERS = ['HorizontalPodAutoscaler', 'ScaledObject'];

const scaled = z.looseObject({ spec: z.looseObject({ replicas: z.int().optional() }) });

/** With `spec.replicas` beside it, each upgrade would undo what the scaler has done. */
export const scalerFaults = (objects: readonly ManifestObject[]): string[] =>
  objects
    .filter(({ kind }) => SCALERS.includes(kind))
    .flatMap((object) => {
      const { kind, name } = scaler.parse(object).spec.scaleTargetRef;
      const target = objects.find((other) => nameOf(other) === `${kind}/${name}`);
      if (!target) return [`${nameOf(object)} scales ${kind}/${name}, which is not there`];
      const { replicas } = scaled.parse(target).spec;
      return replicas === undefined ? [] : [`${kind}/${name} has spec.replicas ${replicas} beside ${nameOf(object)}`];
    });
