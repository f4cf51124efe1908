import { createMetrics } from '../../../src/platform/telemetry/metrics/index.ts';
import { type HttpServer, listen } from '../../../src/transport/http/server.ts';
import { startApp, type TestApp } from '../../support/app.ts';

export interface Stage {
  app: TestApp;
  adminUrl: string;
  /** What operators did, and who. */
  operations: string[];
  close(): Promise<void>;
}

/** An application that measures itself, and its port for operators. */
export const openStage = async (settings: Record<string, string> = {}): Promise<Stage> => {
  const operations: string[] = [];
  const app = await startApp({
    settings: { PROCESS_NAME: 'pod-7', CACHE_POLL_MS: '20', ...settings },
    openMetrics: (readings) => createMetrics(readings, { version: '1.2.3' }),
    onOperation: (operation, by) => operations.push(`${by}: ${operation}`),
  });
  const admin: HttpServer = await listen(app.application.adminApp, { host: '127.0.0.1', port: 0 });
  return {
    ...{ app, adminUrl: admin.url, operations },
    async close() {
      await admin.close(0);
      await app.close();
    },
  };
};

/** What the port for operators answers. */
export const told = async ({ adminUrl }: Stage, path: string, init: RequestInit = {}) => {
  const response = await fetch(`${adminUrl}${path}`, init);
  const text = await response.text();
  return { status: response.status, text, json: () => JSON.parse(text) };
};

/** Sends JSON to it. */
export const sent = (stage: Stage, path: string, body: unknown, headers: Record<string, string> = {}) =>
  told(stage, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
