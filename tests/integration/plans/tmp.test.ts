import { it } from 'vitest';
import { createBigTenant } from './big-tenant.ts';
it('loads', async () => { const t = performance.now(); const d = await createBigTenant(); console.log(performance.now() - t); await d.drop(); }, 300000);
