import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import express, { type Request, type Response } from 'express';
import type { OpenApiDocument } from '../document.ts';
import { renderPage } from './page.ts';

const pack = promisify(gzipCallback);

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const fileBeside = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8');

/** Serves one text, made and packed at the first request: ETag, gzip where accepted, revalidated each time. */
const serve = (type: string, make: () => string) => {
  let making: Promise<{ plain: Buffer; packed: Buffer; hash: string }> | undefined;
  const prepare = async () => {
    const plain = Buffer.from(make());
    return {
      plain,
      packed: await pack(plain),
      hash: createHash('sha256').update(plain).digest('base64url').slice(0, 22),
    };
  };
  return async (req: Request, res: Response) => {
    making ??= prepare().catch((error: unknown) => {
      making = undefined;
      throw error;
    });
    const made = await making;
    const gzip = req.acceptsEncodings('gzip', 'identity') === 'gzip';
    res.set({
      'Content-Type': `${type}; charset=utf-8`,
      'Cache-Control': 'no-cache',
      ETag: `"${made.hash}${gzip ? '-gz' : ''}"`,
      Vary: 'Accept-Encoding',
      'Content-Security-Policy': POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    });
    if (gzip) res.set('Content-Encoding', 'gzip');
    res.send(gzip ? made.packed : made.plain);
  };
};

/** Answers `/openapi.json`, `/docs` and the files of that page, all from this origin; passes on everything else. */
export const createDocsHandler = (document: OpenApiDocument): express.Router => {
  const docs = express.Router();
  docs.get(
    '/openapi.json',
    serve('application/json', () => JSON.stringify(document)),
  );
  docs.get(
    '/docs',
    serve('text/html', () => renderPage(document)),
  );
  docs.get(
    '/docs/reference.css',
    serve('text/css', () => fileBeside('reference.css')),
  );
  docs.get(
    '/docs/reference.js',
    serve('text/javascript', () => fileBeside('reference.js')),
  );
  docs.get(
    '/docs/icon.svg',
    serve('image/svg+xml', () => fileBeside('icon.svg')),
  );
  return docs;
};
