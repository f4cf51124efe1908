import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const HEAD_END = '\r\n\r\n';

interface Part {
  bytes: Buffer;
  end: number;
}

const dechunked = (received: Buffer, from: number): Part | null => {
  const chunks: Buffer[] = [];
  for (let at = from; ; ) {
    const lineEnd = received.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(received.toString('latin1', at, lineEnd), 16);
    const start = lineEnd + 2;
    if (received.length < start + size + 2) return null;
    at = start + size + 2;
    if (size === 0) return { bytes: Buffer.concat(chunks), end: at };
    chunks.push(received.subarray(start, start + size));
  }
};

const withLength = (received: Buffer, from: number, length: number): Part | null =>
  received.length < from + length ? null : { bytes: received.subarray(from, from + length), end: from + length };

/** The first answer in what was received and where it ends; null while it is not whole. Answers to HEAD are none. */
export const parseAnswer = (received: Buffer): { answer: RawAnswer; end: number } | null => {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return null;
  const [statusLine = '', ...lines] = received.toString('latin1', 0, headEnd).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const from = headEnd + HEAD_END.length;
  const status = Number(statusLine.split(' ')[1]);
  const part =
    headers['transfer-encoding'] === 'chunked'
      ? dechunked(received, from)
      : withLength(received, from, status === 204 ? 0 : Number(headers['content-length'] ?? 0));
  return part && { answer: { status, headers, body: part.bytes }, end: part.end };
};

/** Sends bytes as they are, one request after the other, over a connection that is kept as long as the server keeps it. */
export const rawClient = (port: number) => {
  const open = () => connect({ port, host: '127.0.0.1', noDelay: true }).on('error', () => {});
  let socket = open();
  return {
    /** Resolves with the answer, or null when the server closes without one. Each piece is a write of its own. */
    async send(...pieces: (string | Buffer)[]): Promise<RawAnswer | null> {
      if (socket.destroyed || socket.readableEnded) socket = open();
      const current = socket;
      const answered = new Promise<RawAnswer | null>((resolve) => {
        let received: Buffer = Buffer.alloc(0);
        const finish = (answer: RawAnswer | null) => {
          current.off('data', take).off('close', gone);
          if (answer?.headers.connection === 'close') current.destroy();
          resolve(answer);
        };
        const gone = () => finish(null);
        const take = (chunk: Buffer) => {
          received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
          let parsed = parseAnswer(received);
          if (parsed?.answer.status === 100) {
            received = received.subarray(parsed.end);
            parsed = parseAnswer(received);
          }
          if (parsed) finish(parsed.answer);
        };
        current.on('data', take).on('close', gone);
      });
      for (const piece of pieces) {
        if (piece !== pieces[0]) await new Promise(setImmediate);
        current.write(piece);
      }
      return answered;
    },
    close: () => void socket.destroy(),
  };
};

/** Sends bytes and reads nothing of the answer. Resolves once the server has cut the connection. */
export const unreadRequest = (port: number, bytes: string): { cut: Promise<void>; close(): void } => {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.pause();
  socket.write(bytes);
  const cut = new Promise<void>((resolve) => {
    socket.once('error', () => {}).once('close', () => resolve());
  });
  return { cut, close: () => void socket.destroy() };
};
