/** Where each dashboard is found: uid, which must never change (alerts lead to it), and its title. */
export const pages = {
  overview: { uid: 'innkeeper-overview', title: 'Innkeeper / Overview' },
  database: { uid: 'innkeeper-database', title: 'Innkeeper / Database and replicas' },
  cache: { uid: 'innkeeper-cache', title: 'Innkeeper / Cache and search index' },
  ledger: { uid: 'innkeeper-ledger', title: 'Innkeeper / Ledger and business' },
  runtime: { uid: 'innkeeper-runtime', title: 'Innkeeper / Runtime' },
  jobs: { uid: 'innkeeper-jobs', title: 'Innkeeper / Jobs and webhooks' },
  kubernetes: { uid: 'innkeeper-kubernetes', title: 'Innkeeper / Kubernetes' },
} as const;

export type Page = keyof typeof pages;
export const PAGES = Object.keys(pages) as Page[];
