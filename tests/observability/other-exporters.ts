const VOLUME = ['namespace', 'node', 'persistentvolumeclaim'];
const CONTAINER = ['namespace', 'pod', 'container', 'id', 'image', 'name'];
const OF_CONTAINER = ['namespace', 'pod', 'uid', 'container'];
const DEPLOYMENT = ['namespace', 'deployment'];
const AUTOSCALER = ['namespace', 'horizontalpodautoscaler'];

/** Metrics of kube-state-metrics, cAdvisor, the kubelet, CloudNativePG and Prometheus itself, with labels by their documentation. */
export const otherExporters = new Map<string, string[]>([
  ['up', []],
  ['ALERTS', ['alertname', 'alertstate', 'service', 'severity', 'signal']],
  ['kube_deployment_created', DEPLOYMENT],
  ['kube_deployment_spec_replicas', DEPLOYMENT],
  ['kube_deployment_status_replicas_available', DEPLOYMENT],
  ['kube_deployment_status_replicas_unavailable', DEPLOYMENT],
  ['kube_horizontalpodautoscaler_spec_max_replicas', AUTOSCALER],
  ['kube_horizontalpodautoscaler_status_condition', [...AUTOSCALER, 'condition', 'status']],
  ['kube_horizontalpodautoscaler_status_current_replicas', AUTOSCALER],
  ['kube_horizontalpodautoscaler_status_desired_replicas', AUTOSCALER],
  ['kube_pod_container_resource_limits', [...OF_CONTAINER, 'node', 'resource', 'unit']],
  ['kube_pod_container_status_last_terminated_reason', [...OF_CONTAINER, 'reason']],
  ['kube_pod_container_status_restarts_total', OF_CONTAINER],
  ['kube_pod_container_status_waiting_reason', [...OF_CONTAINER, 'reason']],
  ['kube_pod_status_phase', ['namespace', 'pod', 'uid', 'phase']],
  ['container_cpu_cfs_periods_total', CONTAINER],
  ['container_cpu_cfs_throttled_periods_total', CONTAINER],
  ['container_cpu_usage_seconds_total', [...CONTAINER, 'cpu']],
  ['container_memory_working_set_bytes', CONTAINER],
  ['container_network_receive_bytes_total', ['namespace', 'pod', 'id', 'image', 'name', 'interface']],
  ['container_network_transmit_bytes_total', ['namespace', 'pod', 'id', 'image', 'name', 'interface']],
  ['kubelet_volume_stats_available_bytes', VOLUME],
  ['kubelet_volume_stats_capacity_bytes', VOLUME],
  ['barman_cloud_cloudnative_pg_io_last_available_backup_timestamp', ['namespace', 'pod']],
  ['cnpg_collector_last_available_backup_timestamp', ['namespace', 'pod']],
]);
