import { type ManifestObject, nameOf } from '../rendering/manifest.ts';

/** Alert rules know objects by `innkeeper` in their names; where they go is the release's to say. */
export const nameFaults = (objects: readonly ManifestObject[]): string[] => {
  const names = objects.map(nameOf);
  return [
    ...names.filter((name) => !name.includes('innkeeper')).map((name) => `${name} has no innkeeper in its name`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${name} is there twice`),
    ...objects.filter(({ metadata }) => metadata.namespace).map((object) => `${nameOf(object)} names a namespace`),
  ];
};
