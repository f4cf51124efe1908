import express from 'express';
import { listen } from '../../src/transport/http/server.ts';

// Forked by benchmarks: bare Express, without entity tags, that answers each GET with the last text it was sent.

let bytes = Buffer.from('');
const app = express()
  .disable('x-powered-by')
  .set('etag', false)
  .get('/', (_request, response) => void response.type('json').send(bytes));
process.on('message', (text: string) => {
  bytes = Buffer.from(text);
  process.send?.('ready');
});
process.send?.((await listen(app, { host: '127.0.0.1', port: 0 })).url);
