import type { KindSchema } from './crd-schema.ts';

const only = (properties: Record<string, unknown>, ...required: string[]) => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
  properties,
});

const target = (groups: readonly string[], kinds: readonly string[]) =>
  only(
    { group: { enum: groups }, kind: { enum: kinds }, name: { type: 'string', minLength: 1 } },
    'group',
    'kind',
    'name',
  );

const targets = (items: unknown) => ({ type: 'array', minItems: 1, maxItems: 16, items });

const route = target(['gateway.networking.k8s.io'], ['HTTPRoute', 'Gateway']);

const count = { type: 'integer', minimum: 0 };
const size = { type: 'string', pattern: '^[0-9]{1,4}(k|m|g)?$' };
const duration = { type: 'string', pattern: '^[0-9]{1,4}(ms|s|m|h)?$' };
const method = { enum: ['round_robin', 'least_conn', 'ip_hash', 'random', 'random two', 'random two least_conn'] };

const specs = {
  UpstreamSettingsPolicy: only(
    {
      targetRefs: targets(target(['', 'core'], ['Service'])),
      zoneSize: size,
      keepAlive: only({ connections: count, requests: count, time: duration, timeout: duration }),
      loadBalancingMethod: method,
    },
    'targetRefs',
  ),
  ClientSettingsPolicy: only(
    {
      targetRef: route,
      body: only({ maxSize: size, timeout: duration }),
      keepAlive: only({
        requests: count,
        time: duration,
        timeout: only({ server: duration, header: duration }),
        minTimeout: duration,
      }),
    },
    'targetRef',
  ),
  ProxySettingsPolicy: only(
    {
      targetRefs: targets(route),
      buffering: only({ disable: { type: 'boolean' } }),
      timeout: only({ connect: duration, read: duration, send: duration }),
    },
    'targetRefs',
  ),
};

const [apiVersion, kind, metadata] = [{ type: 'string' }, { type: 'string' }, { type: 'object' }];

/**
 * Releases of NGINX Gateway Fabric since 2.0 are in no registry of Go modules. This is what the reference of 2.6
 * (https://docs.nginx.com/nginx-gateway-fabric/reference/api/) says of its policies, as far as the chart goes.
 */
export const nginxGatewayFabric: readonly KindSchema[] = Object.entries(specs).map(([name, spec]) => ({
  group: 'gateway.nginx.org',
  kind: name,
  version: 'v1alpha1',
  schema: only({ apiVersion, kind, metadata, spec }, 'spec'),
}));
