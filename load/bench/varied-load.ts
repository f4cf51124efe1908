import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** GETs a path over a kept connection; throws on any answer but 200. */
const get = (agent: Agent, url: URL, headers: Record<string, string>): Promise<string> =>
  new Promise((resolve, reject) => {
    request(url, { agent, headers }, (response) => {
      text(response).then(
        (body) => (response.statusCode === 200 ? resolve(body) : reject(new Error(`${response.statusCode} ${body}`))),
        reject,
      );
    })
      .on('error', reject)
      .end();
  });

/** Calls as so many clients, each over a connection of its own and one request at a time. */
export const openClients = (clients: number, base: string, headers: Record<string, string> = {}) => {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  return {
    get: (path: string) => get(agent, new URL(path, base), headers),
    /** Asks for one path after the other for `ms`; answers the time of each request in milliseconds. */
    async load(paths: readonly string[], ms: number): Promise<number[]> {
      const times: number[] = [];
      const startedAt = performance.now();
      let next = Math.floor(Math.random() * paths.length);
      const one = async (): Promise<void> => {
        while (performance.now() - startedAt < ms) {
          const path = paths[next++ % paths.length] ?? '/';
          const sentAt = performance.now();
          await get(agent, new URL(path, base), headers);
          times.push(performance.now() - sentAt);
        }
      };
      await Promise.all(Array.from({ length: clients }, one));
      return times;
    },
    close: () => agent.destroy(),
  };
};
