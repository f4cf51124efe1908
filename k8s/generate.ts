/**
 * Writes the plain manifests of k8s/ from the chart (`npm run manifests`; needs helm). With --check it writes nothing, and ends with
 * status 1 when they are not up to date.
 */
import { writeOrCheck } from '../helm/src/files.ts';
import manifest from '../package.json' with { type: 'json' };
import { missingPrograms } from '../prometheus/src/programs.ts';
import { base, overlays } from './src/flavours.ts';
import { baseFiles, overlayFiles } from './src/kustomization.ts';
import { plainObjects } from './src/plain-objects.ts';

const missing = missingPrograms(['helm']);
if (missing.length > 0) {
  console.error(missing.join('\n'));
  process.exit(2);
}

const write = (folder: string, files: ReadonlyMap<string, string>) =>
  writeOrCheck(new URL(folder, import.meta.url), files, 'npm run manifests');

const objects = await plainObjects(base);
write('base/', baseFiles(objects));
for (const [name, values] of Object.entries(overlays)) {
  write(`overlays/${name}/`, overlayFiles(objects, await plainObjects(values), manifest.version));
}
