import { freePort } from '../../../src/embedded/ports.ts';
import { makeControlGroup, noControlGroups } from '../control-group.ts';
import type { Fault } from '../fault.ts';
import { crawl } from '../load.ts';
import { type ProductProcess, startProcess, supervise } from '../product-process.ts';
import type { Stage } from '../stage.ts';

const MEMORY_BYTES = 600 * 1024 * 1024;
const PERIOD_US = 20_000;
const QUOTA_US = 6_000;
/** Far more than others have: the limit is to be what holds it up. */
const SHARES = 65_536;
const NO_QUOTA = -1;
/** More than three tenths of a processor can do. */
const BUSY = { atOnce: 8, pauseMs: 1 };

/** One more server on the stage. */
const oneMore = async (
  { settings, folder }: Stage,
  opened: AsyncDisposableStack,
  { fault = '', wrapper = [] }: { fault?: string; wrapper?: readonly string[] },
): Promise<ProductProcess> => {
  const ports = { PORT: String(await freePort(0)), ADMIN_PORT: String(await freePort(0)) };
  const own = { ...settings, ...ports, FAULT: fault };
  const started = await startProcess({ command: 'serve', settings: own, folder: `${folder}/work`, wrapper });
  opened.defer(started.stop);
  return started;
};

const targetOf = ({ adminUrl }: ProductProcess) => [
  { address: new URL(adminUrl).host, labels: { namespace: 'alerts' } },
];

const begunOn = () => {
  let current: ProductProcess | undefined;
  return {
    set(process: ProductProcess) {
      current = process;
      return targetOf(process);
    },
    get(): ProductProcess {
      if (!current) throw new Error('the fault was not prepared');
      return current;
    },
  };
};

const leaking = begunOn();
const filled = begunOn();
const throttled = begunOn();
let setQuota = (_us: number): void => {};

export const limitFaults: Fault[] = [
  {
    name: 'A server leaks 0.8 MB of heap a second',
    fires: ['HeapGrowing'],
    // For as long as the start takes, which is not scaled.
    symptoms: ['TargetDown'],
    withinMs: 270_000,
    async prepare(stage, opened) {
      return leaking.set(await oneMore(stage, opened, { fault: 'leak' }));
    },
    async begin() {
      const process = leaking.get();
      process.signal('SIGUSR2');
      supervise(process);
      return { mend: [{ runbook: 'HeapGrowing', environment: { PID: String(process.pid) } }] };
    },
  },
  {
    name: 'A server fills 95 % of the memory of its control group',
    fires: ['MemoryNearLimit'],
    symptoms: ['TargetDown'],
    impossible: () => noControlGroups('memory'),
    async prepare(stage, opened) {
      const group = makeControlGroup(opened, 'memory');
      group.set('limit_in_bytes', MEMORY_BYTES);
      return filled.set(await oneMore(stage, opened, { fault: 'fill memory', wrapper: group.wrapper }));
    },
    async begin() {
      const process = filled.get();
      process.signal('SIGUSR2');
      return {
        async mend() {
          process.signal('SIGTERM');
          await process.exited;
          await process.start();
        },
      };
    },
  },
  {
    name: 'A server is held to three tenths of a processor and has more to do',
    fires: ['CpuThrottled'],
    symptoms: [
      'EventLoopStalled',
      'LatencyP95High',
      'CacheHitsLow',
      'TargetDown',
      'ErrorBudgetBurn 1h',
      'ErrorBudgetBurn 6h',
    ],
    impossible: () => noControlGroups('cpu'),
    async prepare(stage, opened) {
      const group = makeControlGroup(opened, 'cpu');
      setQuota = (us) => group.set('cfs_quota_us', us);
      group.set('shares', SHARES);
      group.set('cfs_period_us', PERIOD_US);
      return throttled.set(await oneMore(stage, opened, { wrapper: group.wrapper }));
    },
    async begin({ ownerKey }, opened) {
      setQuota(QUOTA_US);
      const stop = crawl(`http://127.0.0.1:${throttled.get().settings.PORT}`, ownerKey, BUSY);
      opened.defer(stop);
      return {
        mend() {
          stop();
          setQuota(NO_QUOTA);
        },
      };
    },
  },
];
