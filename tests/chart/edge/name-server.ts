import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const TYPE_A = 1;
const NO_SUCH_NAME = 3;

/** The name in a question, as its bytes stand there, and where it ends. */
const endOfName = (message: Buffer): number => {
  let at = 12;
  while (at < message.length && message[at] !== 0) at += (message[at] ?? 0) + 1;
  return at + 1;
};

const nameIn = (message: Buffer, end: number): string => {
  const labels: string[] = [];
  for (let at = 12; at < end - 1; ) {
    const length = message[at] ?? 0;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return labels.join('.');
};

export interface NameServer {
  port: number;
  close(): void;
}

/** Answers who asks for IPv4 addresses, on loopback: with those of `addressesOf`, or that there is no such name. */
export const startNameServer = async (addressesOf: (name: string) => readonly string[]): Promise<NameServer> => {
  const socket = createSocket('udp4');
  socket.on('message', (message, { port, address }) => {
    const end = endOfName(message);
    const addresses = addressesOf(nameIn(message, end));
    const given = message.readUInt16BE(end) === TYPE_A ? addresses : [];
    const question = message.subarray(12, end + 4);
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (addresses.length === 0 ? NO_SUCH_NAME : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(given.length, 6);
    // A pointer to the question's name, type A, class IN, 5 s, 4 bytes.
    const records = given.map((ip) =>
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...ip.split('.').map(Number)]),
    );
    socket.send(Buffer.concat([head, question, ...records]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, close: () => socket.close() };
};
