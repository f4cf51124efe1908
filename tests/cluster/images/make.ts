import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageConfig, packLayer, writeArchive } from '../../../image/archive.ts';
import { makeImages } from '../../../image/image.ts';
import { layNginx, layPrometheus, layValkey } from './others.ts';
import { layPostgres, POSTGRES_PATH } from './postgres.ts';

/** What each image is called once it is loaded. */
export const NAMES = {
  application: 'localhost/innkeeper-test/innkeeper:1',
  successor: 'localhost/innkeeper-test/innkeeper:2',
  postgres: 'localhost/innkeeper-test/postgres:18',
  valkey: 'localhost/innkeeper-test/valkey:9',
  nginx: 'localhost/innkeeper-test/nginx:1.31',
  prometheus: 'localhost/innkeeper-test/prometheus:3',
} as const;

const USUAL_PATH = '/usr/local/bin:/usr/sbin:/usr/bin:/bin';

const SERVICES = [
  { name: NAMES.postgres, uid: 999, path: POSTGRES_PATH, stop: 'SIGINT', lay: layPostgres },
  { name: NAMES.valkey, uid: 999, path: USUAL_PATH, stop: 'SIGTERM', lay: layValkey },
  { name: NAMES.nginx, uid: 101, path: USUAL_PATH, stop: 'SIGQUIT', lay: layNginx },
  { name: NAMES.prometheus, uid: 65534, path: USUAL_PATH, stop: 'SIGTERM', lay: layPrometheus },
];

type Service = (typeof SERVICES)[number];

const makeService = async (
  { name, uid, path, stop, lay }: Service,
  file: string,
  architecture: ImageConfig['architecture'],
): Promise<void> => {
  const scratch = await mkdtemp(join(tmpdir(), 'innkeeper-image-'));
  try {
    const root = join(scratch, 'root');
    await mkdir(join(root, 'tmp'), { recursive: true });
    await mkdir(join(root, 'etc'));
    await symlink('usr/bin', join(root, 'bin'));
    await writeFile(join(root, 'etc/passwd'), `service:x:${uid}:${uid}::/tmp:/bin/sh\n`);
    await writeFile(join(root, 'etc/group'), `service:x:${uid}:\n`);
    await writeFile(join(root, 'etc/nsswitch.conf'), 'hosts: files dns\npasswd: files\ngroup: files\n');
    await lay(root);
    const layer = await packLayer('service', root, scratch, ['tmp']);
    const config = { User: `${uid}:${uid}`, Env: [`PATH=${path}`], WorkingDir: '/tmp', StopSignal: stop };
    await writeArchive(file, name, { architecture, config }, [layer], scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
};

/** Makes all images that the test runs, and answers their archives. */
export const makeAll = async (folder: string, architecture: ImageConfig['architecture']): Promise<string[]> => {
  const application = [
    { file: join(folder, 'application.tar'), name: NAMES.application, revision: 'cluster-test-1' },
    { file: join(folder, 'successor.tar'), name: NAMES.successor, revision: 'cluster-test-2' },
  ];
  await makeImages(application, architecture);
  const files = application.map(({ file }) => file);
  for (const service of SERVICES) {
    const file = join(folder, `${service.name.replaceAll(/\W/g, '-')}.tar`);
    await makeService(service, file, architecture);
    files.push(file);
  }
  return files;
};
