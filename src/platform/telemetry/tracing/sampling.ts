/** What part of all requests is recorded unless OTEL_TRACES_SAMPLER_ARG says otherwise. */
export const USUAL_RATE = 0.05;

/**
 * What part of the requests that arrive is recorded, from OTEL_TRACES_SAMPLER and its argument; all samplers are based on
 * the parent where that is ours.
 */
export const samplingRate = (environment: Record<string, string | undefined>): number => {
  const { OTEL_TRACES_SAMPLER: sampler = '', OTEL_TRACES_SAMPLER_ARG: given } = environment;
  if (sampler.endsWith('always_on')) return 1;
  if (sampler.endsWith('always_off')) return 0;
  const rate = given === undefined || given.trim() === '' ? Number.NaN : Number(given);
  return rate >= 0 && rate <= 1 ? rate : USUAL_RATE;
};
