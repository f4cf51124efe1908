import { randomUUID } from 'node:crypto';
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '../../../src/compose.ts';

export const key = () => randomUUID();

/** The error that a call is refused with, as its body stands on the wire; throws when the call succeeds. */
export const refusal = async (call: Promise<unknown>) => {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof TRPCClientError) || !error.data) throw error;
    const { data, message } = error as TRPCClientError<AppRouter> & { data: NonNullable<unknown> };
    return {
      ...(data as { code: string; httpStatus: number; retryable: boolean; details?: Record<string, unknown> }),
      message,
    };
  }
  throw new Error('the call was not refused');
};
