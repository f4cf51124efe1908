import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

const strings = z.record(z.string(), z.string());

const manifestObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: strings.default({}),
    annotations: strings.default({}),
  }),
});

export type ManifestObject = z.infer<typeof manifestObject>;

export const nameOf = ({ kind, metadata }: ManifestObject): string => `${kind}/${metadata.name}`;

/** The objects of a YAML stream, in the version of YAML that Kubernetes reads (0440 is octal); throws where it is none, or has one without kind or name. */
export const objectsIn = (text: string): ManifestObject[] =>
  parseAllDocuments(text, { version: '1.1' }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw error;
    const value: unknown = document.toJS();
    return value === null ? [] : [manifestObject.parse(value)];
  });
