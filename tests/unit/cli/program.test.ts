import type { Command } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';
import { exitStatusOf } from '../../../src/cli/run-command.ts';

afterEach(() => vi.restoreAllMocks());

const withSubcommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withSubcommands)];

const call = async (...args: string[]) => {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  const status = await exitStatusOf(() => createProgram().parseAsync(args, { from: 'user' }));
  return { status, output: written.join('') };
};

test('every command says in its help what it is for', () => {
  const commands = withSubcommands(createProgram());
  expect(commands.map((command) => command.name())).toEqual(
    expect.arrayContaining(['serve', 'migrate', 'keys', 'config']),
  );
  for (const command of commands) expect(command.description(), command.name()).toMatch(/^\w.{15,}/);
});

test.for([[['serve', '--help']], [['migrate', 'check', '--help']], [['keys', '--help']]] as const)(
  'asking for help (%s) is no fault',
  async ([args]) => {
    const { status, output } = await call(...args);
    expect(status).toBe(0);
    expect(output).toContain('Usage: innkeeper');
  },
);

test.for([
  [['sevre'], "unknown command 'sevre'"],
  [['serve', '--clock', 'yesterday'], 'Give an instant with its offset'],
  [['config', '--json', '--markdown'], 'cannot be used with'],
  [['keys', 'create', '--tenant', 'x'], "required option '--name <text>'"],
  [['keys', 'create', '--tenant', 'x', '--name', 'y', '--permission', 'rooms:fly'], 'Allowed choices are'],
] as const)('a wrong call (%s) ends with status 2 and says what is wrong', async ([args, reason]) => {
  const { status, output } = await call(...args);
  expect(status).toBe(2);
  expect(output).toContain(reason);
  expect(output).toContain('--help');
});
