import type { Section } from '../build/layout.ts';
import { sum } from '../build/queries.ts';
import { series } from '../build/series.ts';
import { ofContainers, ofPods } from './select.ts';

const ratePerPod = (metric: string) => sum(`rate(${ofContainers(metric)}[$__rate_interval])`, 'pod');
const limit = (resource: string) => ofContainers('kube_pod_container_resource_limits', `resource="${resource}"`);

/** What pods use of processors and memory, against what they may use. */
export const resources: Section = {
  title: 'Processors and memory',
  lines: [
    [
      series({
        title: 'Processors, by pod',
        description: 'Processors that the containers of a pod keep busy.',
        unit: 'none',
        decimals: 2,
        queries: [[ratePerPod('container_cpu_usage_seconds_total'), '{{pod}}']],
      }),
      series({
        title: 'Processors of the limit, by pod',
        description: 'Share of what the pod may use. Not there without a limit.',
        unit: 'percentunit',
        queries: [[`${ratePerPod('container_cpu_usage_seconds_total')} / ${sum(limit('cpu'), 'pod')}`, '{{pod}}']],
      }),
      series({
        title: 'Throttled, by pod',
        description: 'Share of the periods in which a pod was stopped because it had used its processors.',
        unit: 'percentunit',
        max: 1,
        alerts: ['cpuThrottled'],
        queries: [
          [
            `${ratePerPod('container_cpu_cfs_throttled_periods_total')} / ${ratePerPod('container_cpu_cfs_periods_total')}`,
            '{{pod}}',
          ],
        ],
      }),
    ],
    [
      series({
        title: 'Memory, by pod',
        description: 'Working set: what the kernel can not take back.',
        unit: 'bytes',
        queries: [[sum(ofContainers('container_memory_working_set_bytes'), 'pod'), '{{pod}}']],
      }),
      series({
        title: 'Memory of the limit, by pod',
        description: 'Share of what the pod may use. At 100 % the kernel kills it.',
        unit: 'percentunit',
        alerts: ['memoryNearLimit'],
        queries: [
          [
            `${sum(ofContainers('container_memory_working_set_bytes'), 'pod')} / ${sum(limit('memory'), 'pod')}`,
            '{{pod}}',
          ],
        ],
      }),
      series({
        title: 'Network, by pod',
        description: 'Bytes sent and received a second.',
        unit: 'Bps',
        queries: [
          [sum(`rate(${ofPods('container_network_transmit_bytes_total')}[$__rate_interval])`, 'pod'), '{{pod}} sends'],
          [
            sum(`rate(${ofPods('container_network_receive_bytes_total')}[$__rate_interval])`, 'pod'),
            '{{pod}} receives',
          ],
        ],
      }),
    ],
  ],
};
