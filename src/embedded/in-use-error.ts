/** Another living process runs the servers of this data folder. */
export class EmbeddedInUseError extends Error {
  override readonly name = 'EmbeddedInUseError';
  readonly dataDir: string;
  /** The process that runs them; undefined in the moment before it has said so. */
  readonly pid: number | undefined;
  /** Where it answers, once it has announced that. */
  readonly url: string | undefined;

  constructor(dataDir: string, holder: { pid?: number | undefined; url?: string | undefined }) {
    const who = holder.pid === undefined ? 'another process' : `process ${holder.pid}`;
    const where = holder.url === undefined ? '' : ` at ${holder.url}`;
    super(`Innkeeper already runs on ${dataDir}, in ${who}${where}. Stop it, or choose another data folder.`);
    this.dataDir = dataDir;
    this.pid = holder.pid;
    this.url = holder.url;
  }
}
