import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleOf } from '../../../src/transport/openapi/docs/example.ts';
import { html, prose } from '../../../src/transport/openapi/docs/html.ts';
import { renderPage } from '../../../src/transport/openapi/docs/page.ts';
import { toyRouter } from './toy-router.ts';
import { startToyServer, toyOpenApi } from './toy-server.ts';

let server: Awaited<ReturnType<typeof startToyServer>>;
beforeAll(async () => {
  server = await startToyServer();
});
afterAll(() => server.close());

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${server.url}${path}`, { headers });
const { document } = toyOpenApi();
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

describe('the document and the page', () => {
  it('are revalidated by ETag and packed where the reader can unpack', async () => {
    for (const path of ['/openapi.json', '/docs', '/docs/reference.css', '/docs/reference.js', '/docs/icon.svg']) {
      const first = await get(path, { 'accept-encoding': 'identity' });
      const packed = await get(path, { 'accept-encoding': 'gzip' });
      const again = await get(path, {
        'accept-encoding': 'gzip',
        'if-none-match': packed.headers.get('etag') ?? '',
        'cache-control': 'max-age=0',
      });
      expect({
        path,
        first: first.status,
        packed: packed.headers.get('content-encoding'),
        again: again.status,
      }).toEqual({
        path,
        first: 200,
        packed: 'gzip',
        again: 304,
      });
      expect(await packed.text()).toBe(await first.text());
      expect(first.headers.get('etag')).not.toBe(packed.headers.get('etag'));
    }
  });

  it('serve the very document', async () => {
    const answer = await get('/openapi.json');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.json()).toEqual(JSON.parse(JSON.stringify(document)));
  });

  it('need nothing from elsewhere, no inline script or style, and forbid both', async () => {
    const answer = await get('/docs');
    const page = await answer.text();
    const loaded = [...page.matchAll(/<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"/g)].map(([, url]) => url ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const url of loaded) expect((await get(url)).status, url).toBe(200);
    expect(loaded.every((url) => url.startsWith('/docs/'))).toBe(true);
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    for (const file of ['/docs/reference.css', '/docs/reference.js']) {
      expect(await (await get(file)).text()).not.toMatch(/@import|url\(|https?:\/\/(?!127\.0\.0\.1)/);
    }
  });

  it('show every operation and schema under an anchor that the contents link to', () => {
    const page = renderPage(document);
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
    for (const { operationId, summary } of operations) {
      expect(links).toContain(operationId);
      expect(page).toContain(`${summary}</a></h3>`);
    }
    for (const name of Object.keys(document.components.schemas)) expect(links).toContain(`schema-${name}`);
  });

  it('give example bodies that the procedures’ own schemas take', () => {
    const bodies = operations.filter(({ requestBody }) => requestBody);
    expect(bodies.length).toBe(3);
    for (const operation of bodies) {
      const schema = operation.requestBody?.content['application/json'].schema ?? {};
      const procedure: unknown = Reflect.get(toyRouter._def.procedures, operation['x-procedure']);
      const { inputs } = Reflect.get(Object(procedure), '_def');
      const id = '019aa3c5-2f4e-7b1d-9c60-5e8f0a7d3b21';
      const elsewhere = { bookingId: id, propertyId: id, idempotencyKey: 'key-0001' };
      for (const full of [false, true]) {
        const example = exampleOf(schema, document.components.schemas, full);
        const known = Object.entries(elsewhere).filter(([name]) => name in inputs[0].shape);
        expect(inputs[0].parse({ ...Object(example), ...Object.fromEntries(known) })).toBeTruthy();
      }
    }
  });
});

describe('markup', () => {
  it('escapes what is put in, in text and attributes', () => {
    const evil = `"><script>alert('&')</script>`;
    expect(html`<a title="${evil}">${[evil]}</a>`.markup).toBe(
      `<a title="&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;">&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</a>`,
    );
  });

  it('knows paragraphs, lists and code', () => {
    expect(prose('One `a<b`\nline.\n\n- x\n- y').map(({ markup }) => markup)).toEqual([
      '<p>One <code>a&lt;b</code> line.</p>',
      '<ul><li>x</li><li>y</li></ul>',
    ]);
  });
});
