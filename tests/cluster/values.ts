import { NAMES } from './images/make.ts';

const split = (name: string) => {
  const [repository = '', tag = ''] = name.split(/:(?=[^:/]*$)/);
  return { repository, tag };
};

const small = (memory: string, processor = '20m') => ({
  requests: { cpu: processor, memory: '64Mi' },
  limits: { memory },
});

/** The release as all stages have it: everything by itself, on a machine with two processors. */
export const BASE = {
  image: split(NAMES.application),
  web: { replicas: 2, resources: small('768Mi') },
  worker: { resources: small('512Mi') },
  edge: { image: split(NAMES.nginx), resources: small('128Mi') },
  migrations: { resources: small('512Mi') },
  monitoring: { enabled: false },
  demo: {
    enabled: true,
    postgres: { image: NAMES.postgres, uid: 999, resources: small('512Mi') },
    valkey: { image: NAMES.valkey, uid: 999, resources: small('128Mi') },
  },
};

/** The same with a newer image of the product and an nginx that has to be made anew. */
export const UPGRADED = {
  ...BASE,
  image: split(NAMES.successor),
  edge: { ...BASE.edge, podAnnotations: { 'innkeeper.dev/edition': '2' } },
};
