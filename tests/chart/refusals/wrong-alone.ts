import type { Refusal } from './refusal.ts';

/** Values that the schema knows to be wrong, each by itself. */
export const wrongAlone: readonly Refusal[] = [
  {
    name: 'a mode of ingress that there is none of',
    change: { ingress: { mode: 'nginx' } },
    says: ["'/ingress/mode'", "'edge', 'controller', 'gateway', 'off'"],
  },
  {
    name: 'a digest that is none',
    change: { image: { digest: 'sha256:1' } },
    says: ["'/image/digest'", "'sha256:1'"],
  },
  { name: 'a setting that there is none of', change: { config: { CACHE_GB: 1 } }, says: ["'/config'", "'CACHE_GB'"] },
  {
    name: 'a setting that is no number',
    change: { config: { CACHE_MB: 'much' } },
    says: ["'/config/CACHE_MB'", "'much'"],
  },
  {
    name: 'a setting beyond its bounds',
    change: { config: { HOLD_MINUTES: 100_000 } },
    says: ["'/config/HOLD_MINUTES'", '1,440'],
  },
  {
    name: 'an alert that there is none of',
    change: { monitoring: { rules: { disabled: ['CacheColds'] } } },
    says: ["'/monitoring/rules/disabled/0'", "'CacheHitsLow'"],
  },
  {
    name: 'a threshold that there is none of',
    change: { monitoring: { rules: { thresholds: { errors: 1 } } } },
    says: ["'/monitoring/rules/thresholds'", "'errors'"],
  },
  {
    name: 'a key of an entry of a list that there is none of',
    change: { web: { topologySpread: [{ topologyKey: 'zone', maxSkew: 1, minSkew: 1 }] } },
    says: ["'/web/topologySpread/0'", "'minSkew'"],
  },
  {
    name: 'a volume of a kind that no restricted pod may have',
    change: { web: { extraVolumes: [{ name: 'node', hostPath: { path: '/' } }] } },
    says: ["'/web/extraVolumes/0'", "'hostPath'"],
  },
];
