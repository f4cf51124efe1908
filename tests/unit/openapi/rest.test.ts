import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorBody } from '../../../src/transport/errors/body.ts';
import { t } from './toy-router.ts';
import { startToyServer } from './toy-server.ts';

const id = '019aa3c5-2f4e-7b1d-9c60-5e8f0a7d3b21';
const stay = { arrival: '2027-05-14', departure: '2027-05-16', lines: [{ roomTypeId: id, party: {} }] };
const failures: { status: number; cause: unknown; procedurePath: string | undefined }[] = [];
let server: Awaited<ReturnType<typeof startToyServer>>;

beforeAll(async () => {
  server = await startToyServer({ onError: (failure) => failures.push(failure), bodyLimitBytes: 2000 });
});
afterAll(() => server.close());

const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: 'Bearer good',
      'idempotency-key': 'key-0001',
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
};
const search = (query: string) => call('GET', `/availability?arrival=2027-05-14${query}`);
const fieldsOf = (body: unknown) => errorBody.parse(body).error.fields?.map(({ path }) => path);

describe('reading the query', () => {
  it('gives numbers, booleans, lists and objects their types', async () => {
    const near = encodeURIComponent('{"latitude":51.2,"longitude":4.4,"km":3}');
    const parties = encodeURIComponent('[{"adults":1},{"childAges":[4]}]');
    const { status, body } = await search(
      `&rooms=2&maxPrice=99.5&refundable=false&amenities=wifi&ages=4&ages=9&near=${near}&parties=${parties}&text=12&floor=3`,
    );
    expect(status).toBe(200);
    expect(body.echo).toEqual({
      arrival: '2027-05-14',
      rooms: 2,
      maxPrice: 99.5,
      refundable: false,
      amenities: ['wifi'],
      ages: [4, 9],
      near: { latitude: 51.2, longitude: 4.4, km: 3 },
      parties: [
        { adults: 1, childAges: [] },
        { adults: 2, childAges: [4] },
      ],
      text: '12',
      floor: 3,
    });
  });

  it.each([
    ['a number that is none', '&rooms=two', 'rooms'],
    ['an empty number', '&rooms=', 'rooms'],
    ['a hexadecimal number', '&rooms=0x2', 'rooms'],
    ['a number beyond what is allowed', '&rooms=10', 'rooms'],
    ['a fraction for an integer', '&rooms=1.5', 'rooms'],
    ['a boolean that is none', '&refundable=flase', 'refundable'],
    ['a boolean as number', '&refundable=0', 'refundable'],
    ['a single value given twice', '&rooms=1&rooms=2', 'rooms'],
    ['a wrong list item', '&ages=4&ages=x', 'ages.1'],
    ['an unknown choice', '&amenities=sauna', 'amenities.0'],
    ['broken JSON', '&near=%7B', 'near'],
    ['JSON of another type', '&near=5', 'near'],
    ['an unknown key inside JSON', '&near=%7B%22latitude%22:1,%22longitude%22:2,%22km%22:3,%22x%22:4%7D', 'near.x'],
    ['an unknown key', '&room=1', 'room'],
    ['a key that is part of every object', '&__proto__=1', '__proto__'],
  ])('refuses %s and names it', async (_, query, path) => {
    const { status, body } = await search(query);
    expect({ status, fields: fieldsOf(body) }).toEqual({ status: 400, fields: [path] });
  });

  it('leaves the schemas as they were, so that tRPC stays strict', async () => {
    await search('&rooms=2');
    const { body } = await call('POST', '/availability/check', { stays: [{ arrival: 20270514 }] });
    expect(fieldsOf(body)).toEqual(['stays.0.arrival']);
  });

  it('refuses any key where nothing is taken', async () => {
    expect((await call('GET', '/clock')).body).toEqual({ now: '2027-05-01T10:00:00Z' });
    const { status, body } = await call('GET', '/clock?x=1');
    expect({ status, fields: fieldsOf(body) }).toEqual({ status: 400, fields: ['x'] });
  });
});

describe('reading body, path and key', () => {
  it('makes one input of them and answers the status that the route names', async () => {
    const { status, body } = await call('POST', `/properties/${id}/bookings`, stay);
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'held', arrival: '2027-05-14', lines: [{ party: { adults: 2 } }] });
    const changed = await call('PATCH', `/bookings/${id}`, { notes: null });
    expect(changed.body.echo).toEqual({ bookingId: id, notes: null, idempotencyKey: 'key-0001' });
  });

  it('needs no body where the path and the key say it all', async () => {
    expect((await call('DELETE', `/bookings/${id}`)).body.echo).toEqual({ bookingId: id, idempotencyKey: 'key-0001' });
  });

  it('serves a query with a body on POST', async () => {
    const { status, body } = await call('POST', '/availability/check', { stays: [{ arrival: '2027-05-14' }] });
    expect({ status, echo: body.echo }).toEqual({ status: 200, echo: { stays: [{ arrival: '2027-05-14' }] } });
  });

  it.each([
    ['no key', 'POST', `/properties/${id}/bookings`, stay, { 'idempotency-key': '' }, 400, ['idempotencyKey']],
    [
      'a key in the body',
      'PATCH',
      `/bookings/${id}`,
      { notes: 'x', idempotencyKey: 'key-0002' },
      {},
      400,
      ['idempotencyKey'],
    ],
    ['a path field in the body', 'PATCH', `/bookings/${id}`, { notes: 'x', bookingId: id }, {}, 400, ['bookingId']],
    ['an unknown field', 'PATCH', `/bookings/${id}`, { notes: 'x', more: 1 }, {}, 400, ['more']],
    ['a query key', 'PATCH', `/bookings/${id}?dry=1`, { notes: 'x' }, {}, 400, ['dry']],
    [
      'a text where a number belongs',
      'POST',
      `/properties/${id}/bookings`,
      { ...stay, lines: [{ roomTypeId: id, party: { adults: '2' } }] },
      {},
      400,
      ['lines.0.party.adults'],
    ],
    ['a path field that is none', 'PATCH', '/bookings/1', { notes: 'x' }, {}, 400, ['bookingId']],
    ['a body where nothing is taken', 'POST', '/clock/reset', { x: 1 }, {}, 400, ['x']],
    ['broken JSON', 'PATCH', `/bookings/${id}`, '{"notes":', {}, 400, undefined],
    ['a list as body', 'PATCH', `/bookings/${id}`, [], {}, 400, undefined],
    ['too much', 'PATCH', `/bookings/${id}`, { notes: 'x'.repeat(2000) }, {}, 413, undefined],
    [
      'another type',
      'PATCH',
      `/bookings/${id}`,
      'notes=x',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      undefined,
    ],
    [
      'an unknown charset',
      'PATCH',
      `/bookings/${id}`,
      '{}',
      { 'content-type': 'application/json; charset=klingon' },
      415,
      undefined,
    ],
  ] as const)('refuses %s', async (_, method, path, body, headers, status, fields) => {
    const answer = await call(method, path, body, headers);
    expect({ status: answer.status, fields: fieldsOf(answer.body) }).toEqual({ status, fields });
  });

  it('refuses a change without the header Idempotency-Key', async () => {
    const answer = await fetch(`${server.url}/api/v1/bookings/${id}`, {
      method: 'DELETE',
      headers: { authorization: 'Bearer good' },
    });
    const { error } = errorBody.parse(await answer.json());
    expect(error.fields).toEqual([
      { path: 'idempotencyKey', message: expect.stringContaining('header Idempotency-Key') },
    ]);
  });
});

describe('answers', () => {
  it('prefer a path of words to one with a field', async () => {
    expect((await call('GET', '/bookings/lookup?code=AB')).body.echo).toEqual({ code: 'AB' });
  });

  it('to HEAD are those of GET without the body', async () => {
    const { status, headers, body } = await call('HEAD', '/clock');
    expect({ status, body, type: headers.get('content-type') }).toEqual({
      status: 200,
      body: undefined,
      type: 'application/json; charset=utf-8',
    });
  });

  it('ask for credentials where a permission is needed', async () => {
    const { status, headers, body } = await call('GET', `/bookings/${id}`, undefined, { authorization: 'Bearer bad' });
    expect({ status, code: body.error.code, challenge: headers.get('www-authenticate') }).toEqual({
      status: 401,
      code: 'UNAUTHENTICATED',
      challenge: 'Bearer',
    });
  });

  it('to faults have one shape and carry the request id of the header, never the cause', async () => {
    const answers = await Promise.all([
      call('GET', '/bookings/019aa3c5-2f4e-7b1d-9c60-5e8f0a7d3b22'),
      call('GET', '/nothing/here?secret=1'),
      call('GET', '/bookings/%zz'),
      call('GET', '/clock/fail'),
      call('GET', '/clock/'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 400, 500, 404]);
    for (const { headers, body } of answers) {
      expect(errorBody.parse(body).error.requestId).toBe(headers.get('x-request-id'));
      expect(JSON.stringify(body)).not.toMatch(/spring|db\.internal|secret|stack/);
    }
  });

  it('hand the cause of a fault to the log', () => {
    const fault = failures.find(({ status }) => status === 500);
    expect(fault).toMatchObject({
      procedurePath: 'clock.fail',
      cause: { message: expect.stringContaining('the spring broke') },
    });
  });

  it('to a wrong method say which are right', async () => {
    const wrong = await call('PUT', `/bookings/${id}`, {});
    expect({ status: wrong.status, allow: wrong.headers.get('allow'), code: wrong.body.error.code }).toEqual({
      status: 405,
      allow: 'DELETE, GET, HEAD, PATCH',
      code: 'METHOD_NOT_SUPPORTED',
    });
    const options = await call('OPTIONS', '/clock');
    expect({ status: options.status, allow: options.headers.get('allow') }).toEqual({
      status: 204,
      allow: 'GET, HEAD',
    });
  });

  it('to paths outside the API are left to others', async () => {
    expect((await fetch(`${server.url}/elsewhere`)).status).toBe(418);
  });

  it('are given up when the caller goes away', async () => {
    const caller = new AbortController();
    const given = Promise.withResolvers<string>();
    const wait = t.procedure
      .meta({ permission: null, openapi: { method: 'GET', path: '/wait', summary: 'Wait' } })
      .output(z.strictObject({}))
      .query(async ({ signal }) => {
        caller.abort();
        await new Promise((done) => signal?.addEventListener('abort', done));
        given.resolve('up');
        return {};
      });
    const waiting = await startToyServer({ router: t.router({ wait }) });
    await expect(fetch(`${waiting.url}/api/v1/wait`, { signal: caller.signal })).rejects.toThrow('aborted');
    expect(await given.promise).toBe('up');
    await waiting.close();
  });
});
