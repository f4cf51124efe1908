import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Page } from './build/pages.ts';
import { cache } from './cache.ts';
import { database } from './database.ts';
import { jobs } from './jobs.ts';
import { kubernetes } from './kubernetes.ts';
import { ledger } from './ledger.ts';
import { overview } from './overview.ts';
import { runtime } from './runtime.ts';

/** All dashboards, by the name of their file. */
export const dashboards: Record<Page, Dashboard> = { overview, database, cache, ledger, runtime, jobs, kubernetes };

/** What stands in a dashboard's file. */
export const textOf = (dashboard: Dashboard): string => `${JSON.stringify(dashboard, null, 2)}\n`;
