import type { Finding, TenantReport } from '../../features/verification/index.ts';
import { columns } from '../columns.ts';

const grouped = (count: number) => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ' ');

const counted = (count: number, one: string, many = `${one}s`) => `${grouped(count)} ${count === 1 ? one : many}`;

const indented = (text: string, by: string) => text.replaceAll(/^(?=.)/gm, by);

const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const rowOf = (row: Record<string, unknown>) =>
  Object.entries(row)
    .map(([name, value]) => `${name}=${shown(value)}`)
    .join(' ');

const detailsOf = ({ name, promise, found, rows }: Finding): string => {
  const left = found - rows.length;
  const lines = [...rows.map(rowOf), ...(left > 0 ? [`and ${grouped(left)} more`] : [])];
  return `\n  ${name}: broken is that ${promise}\n${indented(`${lines.join('\n')}\n`, '    ')}`;
};

const tenantPage = ({ slug, examined, findings }: TenantReport): string => {
  const { bookings, lines, nights, stays, events, guests } = examined;
  const looked = [
    counted(bookings, 'booking'),
    counted(lines, 'line'),
    counted(nights, 'night'),
    counted(stays, 'stay or block', 'stays and blocks'),
    counted(events, 'event'),
    counted(guests, 'guest'),
  ];
  const table = columns([
    ['CHECK', 'FOUND', 'PROMISE'],
    ...findings.map(({ name, found, promise }) => [name, found === 0 ? 'ok' : grouped(found), promise]),
  ]);
  const details = findings.filter(({ found }) => found > 0).map(detailsOf);
  return `Tenant ${slug}: ${looked.join(', ')}\n\n${indented(table, '  ')}${details.join('')}\n`;
};

/** What was looked at and what was found, tenant by tenant, and the verdict. */
export const reportPage = (reports: readonly TenantReport[]): string => {
  const off = reports.filter(({ clean }) => !clean);
  const verdict =
    off.length === 0
      ? `Nothing is off in ${counted(reports.length, 'tenant')}.`
      : `Something is off in ${off.map(({ slug }) => slug).join(', ')}.`;
  return `${reports.map(tenantPage).join('')}${verdict}\n`;
};
