import type { Section } from '../build/layout.ts';
import { sum } from '../build/queries.ts';
import { series } from '../build/series.ts';
import { stat } from '../build/stat.ts';
import { ofAutoscalers, ofDeployments, ofPods } from './select.ts';

const CURRENT = ofAutoscalers('kube_horizontalpodautoscaler_status_current_replicas');
const MOST = ofAutoscalers('kube_horizontalpodautoscaler_spec_max_replicas');

/** How many pods there are, should be and may be, and what of their work decides that. */
export const scaling: Section = {
  title: 'Scaling',
  lines: [
    [
      stat({
        title: 'Pods available',
        description: 'Available pods, of those that the deployments want.',
        unit: 'percentunit',
        expr: `${sum(ofDeployments('kube_deployment_status_replicas_available'))} / ${sum(ofDeployments('kube_deployment_spec_replicas'))}`,
      }),
      stat({
        title: 'Of the maximum',
        description:
          'Pods of the autoscaler that is nearest to its maximum. At 100 %, more load is refused instead of shared.',
        unit: 'percentunit',
        alerts: ['hpaAtMaximum'],
        expr: `max(${CURRENT} / ${MOST})`,
        noValue: 'no autoscaler',
      }),
      stat({
        title: 'Autoscalers without metrics',
        description: 'While an autoscaler does not know its metrics, the number of pods stays as it is.',
        unit: 'none',
        alerts: ['hpaMetricFailing'],
        expr: sum(
          ofAutoscalers('kube_horizontalpodautoscaler_status_condition', 'condition="ScalingActive"', 'status="false"'),
        ),
        noValue: 'no autoscaler',
      }),
    ],
    [
      series({
        title: 'Replicas and their maximum',
        description: 'Pods that there are, that the autoscaler wants, and that it may have.',
        unit: 'none',
        queries: [
          [CURRENT, '{{horizontalpodautoscaler}}'],
          [ofAutoscalers('kube_horizontalpodautoscaler_status_desired_replicas'), '{{horizontalpodautoscaler}} wants'],
          [MOST, '{{horizontalpodautoscaler}} at most'],
        ],
      }),
      series({
        title: 'Running calls, by pod',
        description: 'Calls that run, of all kinds.',
        unit: 'none',
        queries: [[sum(ofPods('innkeeper_requests_in_flight'), 'pod'), '{{pod}}']],
      }),
      series({
        title: 'Event loop busy, by pod',
        description: 'Share of the time in which the event loop was busy.',
        unit: 'percentunit',
        max: 1,
        queries: [[ofPods('innkeeper_event_loop_utilization_ratio'), '{{pod}}']],
      }),
    ],
  ],
};
