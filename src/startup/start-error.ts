/** Why the server can't start, in words for whoever started it. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Why an address can't be listened on. */
export const listenFault = (
  error: unknown,
  host: string,
  port: number,
  setting: 'PORT' | 'ADMIN_PORT' = 'PORT',
): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const elsewhere = setting === 'PORT' ? 'Choose another with --port or PORT.' : 'Choose another with ADMIN_PORT.';
  if (code === 'EADDRINUSE') {
    return new StartError(`Port ${port} on ${host} is taken by another program. ${elsewhere}`, { cause: error });
  }
  if (code === 'EACCES') {
    return new StartError(`This user may not listen on port ${port}. ${elsewhere}`, { cause: error });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new StartError(`${host} is no address of this machine. Choose one with --host or HOST.`, { cause: error });
  }
  return error;
};
