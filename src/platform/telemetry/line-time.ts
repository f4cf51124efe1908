/** The field `time` of a line, as pino takes it, by the machine's clock: put together once for all lines of a millisecond. */
export const lineTime = (nowMs: () => number): (() => string) => {
  let writtenMs = Number.NaN;
  let written = '';
  return () => {
    const now = nowMs();
    if (now === writtenMs) return written;
    writtenMs = now;
    written = `,"time":"${new Date(now).toISOString()}"`;
    return written;
  };
};
