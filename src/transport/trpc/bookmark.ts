/** Said by a subscription between its events: everything up to this id has been given. */
export class Bookmark {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/**
 * What a subscription yields to tell its subscriber's last id without an event, so that going on does not begin further
 * back than it has to. No type of data: it never reaches the subscriber's code.
 */
export const bookmark = (id: string): never => new Bookmark(id) as never;
