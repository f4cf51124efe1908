type Given<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that a partial change names; null is a value, undefined is not. */
export const givenFields = <T extends object>(changes: T): Given<T> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Given<T>;
