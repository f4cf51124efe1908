import { z } from 'zod';
import { podOf } from '../pods/pod.ts';
import { type ManifestObject, nameOf } from '../rendering/manifest.ts';

const labels = z.record(z.string(), z.string());
const byLabels = z.looseObject({ spec: z.looseObject({ selector: z.looseObject({ matchLabels: labels }) }) });
const service = z.looseObject({ spec: z.looseObject({ selector: labels.default({}) }) });

const fits = (selector: Record<string, string>, of: Record<string, string>): boolean =>
  Object.entries(selector).every(([name, value]) => of[name] === value);

const ownPods = ['Deployment', 'StatefulSet'];

/** What an object looks for pods with. */
const searchedBy = (object: ManifestObject): Record<string, string> | undefined => {
  if (object.kind === 'Service') return service.parse(object).spec.selector;
  if (object.kind === 'PodDisruptionBudget') return byLabels.parse(object).spec.selector.matchLabels;
  return undefined;
};

/** Selectors that find no pods of the chart, and controllers whose own pods they don't find. */
export const selectorFaults = (objects: readonly ManifestObject[]): string[] => {
  const pods = objects.map((object) => podOf(object)?.metadata.labels).filter((found) => found !== undefined);
  return objects.flatMap((object) => {
    if (ownPods.includes(object.kind)) {
      const { matchLabels } = byLabels.parse(object).spec.selector;
      const own = podOf(object)?.metadata.labels ?? {};
      if (!fits(matchLabels, own)) return [`${nameOf(object)} does not find its own pods`];
    }
    const searched = searchedBy(object);
    return searched && !pods.some((pod) => fits(searched, pod)) ? [`${nameOf(object)} finds no pods`] : [];
  });
};
