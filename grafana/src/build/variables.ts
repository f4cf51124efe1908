import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';

/** The data source that every panel asks. */
export const datasource = { type: 'prometheus', uid: '$datasource' };

const everything = { selected: true, text: 'All', value: '$__all' };

/** A variable of which several values may be chosen, and all are at first. */
const labelVariable = (name: string, label: string, query: string) =>
  new QueryVariableBuilder(name)
    .label(label)
    .datasource(datasource)
    .query({ query, refId: name })
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .current(everything);

const dataSource = () =>
  new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus').regex('').multi(false);

/** Outside Kubernetes nothing has a namespace: all of them is also none. */
const namespace = (metric: string) =>
  labelVariable('namespace', 'Namespace', `label_values(${metric}, namespace)`).allValue('.*');

/** Which processes are shown: by namespace, scrape job and instance. */
export const processVariables = () => [
  dataSource(),
  namespace('innkeeper_build_info'),
  labelVariable('job', 'Job', 'label_values(innkeeper_build_info{namespace=~"$namespace"}, job)'),
  labelVariable(
    'instance',
    'Instance',
    'label_values(innkeeper_build_info{namespace=~"$namespace", job=~"$job"}, instance)',
  ).allValue('.*'),
];

/** Which deployments are shown; their pods are those whose names begin with theirs. */
export const deploymentVariables = () => [
  dataSource(),
  namespace('kube_deployment_created'),
  labelVariable(
    'deployment',
    'Deployment',
    'label_values(kube_deployment_created{namespace=~"$namespace", deployment=~".*innkeeper.*"}, deployment)',
  ),
];
