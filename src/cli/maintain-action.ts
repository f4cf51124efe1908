import { type MaintenanceReport, maintain } from '../features/maintenance/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { columns } from './columns.ts';
import { startProgress } from './progress.ts';
import { ExitStatus } from './run-command.ts';
import { withApplication } from './with-application.ts';

interface Place {
  dataDir?: string;
}

const page = ({ deleted, analyzed, postponed }: MaintenanceReport): string => {
  const counts = Object.entries(deleted).map(([kind, rows]) => [kind, String(rows)]);
  const statistics = `\nStatistics renewed: ${analyzed.join(', ') || 'none were due'}.\n`;
  const left = postponed.length > 0 ? `Locked by others, left for the next run: ${postponed.join(', ')}.\n` : '';
  return columns([['WHAT', 'DELETED'], ...counts]) + statistics + left;
};

/** Does all maintenance that is due and prints what that was. */
export const runMaintenance = async (place: Place): Promise<void> => {
  const report = await withApplication(place, async ({ application, config }) => {
    const progress = startProgress('Maintaining');
    try {
      return await maintain({
        database: application.database,
        clock: systemClock,
        auditRetentionDays: config.AUDIT_RETENTION_DAYS,
        eventRetentionDays: config.EVENT_RETENTION_DAYS,
        onProgress: progress.at,
      });
    } finally {
      progress.end();
    }
  });
  process.stdout.write(page(report));
  if (report.postponed.length > 0) throw new ExitStatus(1);
};
