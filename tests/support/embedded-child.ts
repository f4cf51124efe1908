import { startEmbedded } from '../../src/embedded/index.ts';

/** A process of its own that runs the embedded PostgreSQL until it is killed, or stops it cleanly on SIGTERM. */
const [dataDir = ''] = process.argv.slice(2);
const embedded = await startEmbedded({ dataDir, durable: false, log: (line) => console.error(line) });
process.on('SIGINT', () => console.log('interrupted'));
process.on('SIGTERM', () => embedded.stop().then(() => process.exit(0)));
setInterval(() => {}, 60_000);
console.log(JSON.stringify(embedded));
