import { Router } from 'express';

/** Why the process should get no traffic now; empty when it is ready. */
export type Readiness = () => Promise<string[]>;

/** `/livez` never touches the database; `/readyz` answers 503 with its reasons while any stands. */
export const healthRoutes = (readiness: Readiness): Router => {
  const routes = Router();
  routes.get('/livez', (_request, response) => {
    response.json({ status: 'ok' });
  });
  routes.get('/readyz', async (_request, response) => {
    const reasons = await readiness();
    response.status(reasons.length ? 503 : 200).json({ status: reasons.length ? 'not ready' : 'ready', reasons });
  });
  return routes;
};
