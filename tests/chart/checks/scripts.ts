import type { ProgramName } from '../../../prometheus/src/programs.ts';
import type { Check } from '../check.ts';
import { execute } from '../execute.ts';
import { ROOT } from '../rendering/helm.ts';
import { toldOutcomes } from './told-outcomes.ts';

interface Script {
  name: string;
  command: readonly string[];
  programs?: readonly ProgramName[];
  optional?: true;
}

/** Programs of their own, which say what is wrong and end with 1. */
const scripts: readonly Script[] = [
  {
    name: 'nginx before servers that do what is wanted of them',
    command: ['tests/chart/edge.ts'],
    programs: ['helm', 'nginx', 'openssl'],
    optional: true,
  },
  { name: 'rendered rules by promtool', command: ['tests/chart/rules.ts'], programs: ['helm', 'promtool'] },
  {
    name: 'NetworkPolicies: the connections that they leave',
    command: ['tests/chart/connections.ts'],
    programs: ['helm'],
  },
  { name: 'k8s/ is what the chart makes of it', command: ['k8s/generate.ts', '--check'], programs: ['helm'] },
  { name: 'values.schema.json knows the settings', command: ['helm/src/settings-schema.ts', '--check'] },
  { name: 'the rules in the chart are those of prometheus/rules', command: ['helm/src/rules.ts', '--check'] },
  { name: 'the dashboards in the chart are those of grafana', command: ['helm/src/dashboards.ts', '--check'] },
];

export const scriptChecks: readonly Check[] = scripts.map(({ name, command, programs = [], optional = false }) => ({
  name,
  programs,
  optional,
  async run() {
    const told = await execute(process.execPath, command, { cwd: ROOT });
    return toldOutcomes(`node ${command.join(' ')}`, told);
  },
}));
