import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { askForAlerts } from '../../../src/features/performance/alerts.ts';

const serve = async (answer: RequestListener): Promise<string> => {
  const server = createServer(answer);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const json = (wanted: string, answer: unknown) =>
  serve(({ url }, response) => {
    response.statusCode = url?.startsWith(wanted) ? 200 : 404;
    response.end(JSON.stringify(answer));
  });
const ask = (sources: { prometheus?: string; alertmanager?: string }) =>
  askForAlerts('pod-7', { prometheus: undefined, alertmanager: undefined, timeoutMs: 200, ...sources });

const labels = { alertname: 'PoolFull', service: 'innkeeper', severity: 'critical', instance: '10.0.0.1' };
const annotations = { summary: 'The pool is full.', runbook_url: 'https://runbooks.example/PoolFull' };
const shown = {
  ...{ name: 'PoolFull', severity: 'critical', summary: 'The pool is full.' },
  ...{ since: '2026-03-02T12:00:00Z', runbook: 'https://runbooks.example/PoolFull' },
};

test('without an address nobody is asked, and the answer says so', async () => {
  expect(await ask({})).toEqual({ host: 'pod-7', source: null, fault: null, alerts: [] });
});

test('Alertmanager is asked before Prometheus', async () => {
  const alertmanager = await json('/api/v2/alerts', [
    { labels, annotations, startsAt: '2026-03-02T12:00:00Z', status: { state: 'active' } },
  ]);
  expect(await ask({ alertmanager, prometheus: 'http://127.0.0.1:1' })).toEqual({
    ...{ host: 'pod-7', source: 'alertmanager', fault: null },
    alerts: [{ ...shown, state: 'active' }],
  });
});

test('Prometheus tells what is pending, too', async () => {
  const alert = { labels, annotations, state: 'pending', activeAt: '2026-03-02T12:00:00Z', value: '1' };
  const prometheus = await json('/api/v1/alerts', { status: 'success', data: { alerts: [alert] } });
  expect((await ask({ prometheus })).alerts).toEqual([{ ...shown, state: 'pending' }]);
});

test('what hangs, breaks, talks without end or of something else is told as a fault, and keeps nobody', async () => {
  const endless: RequestListener = (_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(65_536)));
    };
    response.on('drain', more);
    more();
  };
  const faults: [RequestListener, RegExp][] = [
    [() => {}, /did not answer in time/],
    [(_request, response) => void response.writeHead(503).end(), /status 503/],
    [(_request, response) => void response.writeHead(302, { location: '/' }).end(), /can’t be reached/],
    [(_request, response) => void response.end('{"data":1}'), /something else/],
    [(_request, response) => void response.end('<html>'), /something else/],
    [endless, /too long/],
  ];
  for (const [answer, fault] of faults) {
    const told = await ask({ prometheus: await serve(answer) });
    expect(told).toMatchObject({ alerts: [], fault: expect.stringMatching(fault) });
  }
  expect(await ask({ prometheus: 'http://127.0.0.1:1' })).toMatchObject({ fault: 'It can’t be reached.' });
});

test('what others have Alertmanager and Prometheus say is not told', async () => {
  const others = [{ ...labels, service: 'payroll' }, { alertname: 'DiskFull' }];
  const alertmanager = await json('/api/v2/alerts', [
    ...others.map((of) => ({ labels: of, annotations, status: { state: 'active' } })),
    { labels, annotations, startsAt: '2026-03-02T12:00:00Z', status: { state: 'active' } },
  ]);
  expect((await ask({ alertmanager })).alerts).toEqual([{ ...shown, state: 'active' }]);
  const alerts = others.map((of) => ({ labels: of, annotations, state: 'firing' }));
  const prometheus = await json('/api/v1/alerts', { data: { alerts } });
  expect(await ask({ prometheus })).toMatchObject({ fault: null, alerts: [] });
});
