import { Server } from 'node:http';

// Loaded into a process before its program (`node --import`): every request but a probe's comes 200 ms later.

const LATER_MS = 200;
const PROBES = /^\/(livez|readyz)/;
const emit = Server.prototype.emit;

Server.prototype.emit = function (event: string | symbol, ...args: unknown[]): boolean {
  const [first] = args;
  const url = typeof first === 'object' && first !== null && 'url' in first ? String(first.url) : '';
  if (event !== 'request' || PROBES.test(url)) return emit.call(this, event, ...args);
  setTimeout(() => emit.call(this, event, ...args), LATER_MS);
  return true;
};
