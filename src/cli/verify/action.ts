import { type TenantReport, verifyAll } from '../../features/verification/index.ts';
import { startProgress } from '../progress.ts';
import { ExitStatus } from '../run-command.ts';
import { withApplication } from '../with-application.ts';
import { reportPage } from './report-page.ts';

interface Place {
  dataDir?: string;
}

export interface VerifyOptions extends Place {
  json?: true;
}

/** Verifies every tenant of a database, with a line of progress. */
export const verifyTenants = (place: Place): Promise<TenantReport[]> =>
  withApplication(place, async ({ application }) => {
    const progress = startProgress('Verifying');
    try {
      return await verifyAll(application.database, progress.at);
    } finally {
      progress.end();
    }
  });

export const verify = async ({ json, ...place }: VerifyOptions): Promise<void> => {
  const reports = await verifyTenants(place);
  const clean = reports.every((report) => report.clean);
  process.stdout.write(json ? `${JSON.stringify({ clean, tenants: reports }, null, 2)}\n` : reportPage(reports));
  if (!clean) throw new ExitStatus(1);
};
