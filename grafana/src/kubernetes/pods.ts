import type { Section } from '../build/layout.ts';
import { sum } from '../build/queries.ts';
import { series } from '../build/series.ts';
import { ofDeployments, ofPods } from './select.ts';

/** Whether pods run, and why not. */
export const pods: Section = {
  title: 'Pods',
  lines: [
    [
      series({
        title: 'Pods by phase',
        description: 'Running is what they should be; Pending ones wait for a node, or for their image.',
        unit: 'none',
        stacked: true,
        queries: [[`${sum(ofPods('kube_pod_status_phase'), 'phase')} > 0`, '{{phase}}']],
      }),
      series({
        title: 'Pods not ready',
        description: 'Pods that the deployment wants and that take no requests.',
        unit: 'none',
        queries: [[ofDeployments('kube_deployment_status_replicas_unavailable'), '{{deployment}}']],
      }),
      series({
        title: 'Containers that wait',
        description: 'Containers that could not be started, by reason, such as CrashLoopBackOff.',
        unit: 'none',
        queries: [[sum(ofPods('kube_pod_container_status_waiting_reason'), 'reason'), '{{reason}}']],
      }),
    ],
    [
      series({
        title: 'Restarts, by pod',
        description: 'Restarts of containers in the last quarter of an hour.',
        unit: 'none',
        alerts: ['restarting'],
        queries: [
          [`${sum(`increase(${ofPods('kube_pod_container_status_restarts_total')}[15m])`, 'pod')} > 0`, '{{pod}}'],
        ],
      }),
      series({
        title: 'Why containers ended last',
        description: 'Containers by the reason of their last end. OOMKilled: more memory than they may use.',
        unit: 'none',
        queries: [[sum(ofPods('kube_pod_container_status_last_terminated_reason'), 'reason'), '{{reason}}']],
      }),
    ],
  ],
};
