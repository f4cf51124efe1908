import type { Values } from '../../tests/chart/rendering/helm.ts';
import { overridden } from '../../tests/chart/rendering/overridden.ts';
import { valuesOf } from '../../tests/chart/rendering/value-sets.ts';

/** Where the objects go; queries and alerts ask for it by name. */
export const NAMESPACE = 'innkeeper';

/** Which image is said by kustomization.yaml. Each dashboard is as long as its file in grafana/dashboards. */
const plain: Values = { image: { digest: '' }, monitoring: { dashboards: { enabled: false } } };

const withoutOperators: Values = { monitoring: { podMonitor: { enabled: false }, rules: { enabled: false } } };

const production = overridden(valuesOf('production'), plain);

/** An own PostgreSQL, no TLS, nothing that scales or watches it. */
export const base: Values = overridden(overridden(production, withoutOperators), {
  ingress: { host: '', tls: { secretName: '' } },
  autoscaling: { mode: 'off' },
});

export const overlays: Readonly<Record<'local' | 'production', Values>> = {
  local: overridden(overridden(valuesOf('demo'), plain), withoutOperators),
  production,
};
