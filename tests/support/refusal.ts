import { TRPCClientError } from '@trpc/client';

/** The error that a call is refused with, as programs see it. */
export interface Refusal {
  httpStatus: number;
  code: string;
  message: string;
  retryable: boolean;
  fields: { path: string; message: string }[];
  details: Record<string, unknown>;
}

/** The refusal of a call, without its request id; throws when the call succeeds or fails in another way. */
export const refusalOf = async (call: Promise<unknown>): Promise<Refusal> => {
  const error = await call.then(
    () => new Error('the call was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCClientError) || !error.data) throw error;
  const { httpStatus, code, retryable, fields = [], details = {} } = error.data as Refusal;
  return { httpStatus, code, message: error.message, retryable, fields, details };
};

/** The paths of the fields that failed, sorted. */
export const failingPaths = ({ fields }: Refusal): string[] => fields.map(({ path }) => path).sort();
