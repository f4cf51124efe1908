const SHAPE = /^([0-9A-F]{8})-([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/;

/** Text that sorts as positions do: by timeline, then by LSN. Null for what is no token. */
const rankOf = (token: string): string | null =>
  SHAPE.exec(token)
    ?.slice(1)
    .map((part) => part.padStart(8, '0'))
    .join('') ?? null;

export interface TokenKeeper {
  /** The newest token seen; undefined before the first. */
  newest(): string | undefined;
  /** Keeps the token unless a newer one is kept, whatever order answers come in; what is no token is ignored. */
  note(token: string | null): void;
}

/** How far this client has read and written, `<timeline>-<LSN>` as the server prints it. */
export const keepTokens = (): TokenKeeper => {
  let newest: { token: string; rank: string } | undefined;
  return {
    newest: () => newest?.token,
    note(token) {
      const rank = token && rankOf(token);
      if (token && rank && rank > (newest?.rank ?? '')) newest = { token, rank };
    },
  };
};
