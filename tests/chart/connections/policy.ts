import { z } from 'zod';
import type { ManifestObject } from '../rendering/manifest.ts';

const strings = z.record(z.string(), z.string());

const selector = z.strictObject({
  matchLabels: strings.default({}),
  matchExpressions: z
    .array(
      z.strictObject({
        key: z.string(),
        operator: z.enum(['In', 'NotIn', 'Exists', 'DoesNotExist']),
        values: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

const peer = z.strictObject({
  podSelector: selector.optional(),
  namespaceSelector: selector.optional(),
  ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).default([]) }).optional(),
});

const port = z.strictObject({
  // Names would have to be looked up in the target's containers; the chart has none.
  port: z.int().optional(),
  endPort: z.int().optional(),
  protocol: z.enum(['TCP', 'UDP', 'SCTP']).default('TCP'),
});

const peers = z.array(peer).optional();
const ports = z.array(port).optional();

const policy = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.strictObject({
    podSelector: selector,
    policyTypes: z.array(z.enum(['Ingress', 'Egress'])),
    ingress: z.array(z.strictObject({ from: peers, ports })).default([]),
    egress: z.array(z.strictObject({ to: peers, ports })).default([]),
  }),
});

export type Selector = z.infer<typeof selector>;
export type Peer = z.infer<typeof peer>;
export type PolicyPort = z.infer<typeof port>;
export type Policy = z.infer<typeof policy>;

/** The NetworkPolicies among objects; throws for one that says what is not known here. */
export const policiesIn = (objects: readonly ManifestObject[]): Policy[] =>
  objects.filter(({ kind }) => kind === 'NetworkPolicy').map((object) => policy.parse(object));
