import type { AnyTRPCRouter } from '@trpc/server';
import { router } from './transport/trpc/procedures.ts';

/** The API: one router a feature. */
export const createAppRouter = <Features extends Record<string, AnyTRPCRouter>>(features: Features) => router(features);
