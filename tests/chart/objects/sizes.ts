import { type ManifestObject, nameOf } from '../rendering/manifest.ts';

/** A client-side apply keeps the whole object in an annotation, and annotations may not have more. */
const MOST_BYTES = 262_144;

export const sizeFaults = (objects: readonly ManifestObject[]): string[] =>
  objects
    .map((object) => ({ name: nameOf(object), bytes: Buffer.byteLength(JSON.stringify(object)) }))
    .filter(({ bytes }) => bytes >= MOST_BYTES)
    .map(({ name, bytes }) => `${name} has ${bytes} bytes, more than the ${MOST_BYTES} of a client-side apply`);
