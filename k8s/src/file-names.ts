import { z } from 'zod';

const labelled = z.looseObject({
  metadata: z.looseObject({ labels: z.looseObject({ 'app.kubernetes.io/component': z.string() }) }),
});

const BY_KIND: Record<string, string> = {
  ServiceAccount: 'service-account',
  NetworkPolicy: 'network-policies',
  PodMonitor: 'monitoring',
  PrometheusRule: 'monitoring',
  ScaledObject: 'scaling',
  TriggerAuthentication: 'scaling',
};

/** The file in which an object stands: that of its kind, or of the component that it is part of. */
export const fileNameOf = (name: string, object: unknown): string => {
  const [kind = ''] = name.split('/');
  return `${BY_KIND[kind] ?? labelled.parse(object).metadata.labels['app.kubernetes.io/component']}.yaml`;
};
