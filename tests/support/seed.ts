import fc from 'fast-check';

const FIXED = 20_260_302;

/** One seed for every run, so that a red test is red again; `npm run test:random` looks elsewhere. */
fc.configureGlobal({ seed: Number(process.env.FAST_CHECK_SEED ?? FIXED) });
