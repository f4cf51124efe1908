/** A Go module with CustomResourceDefinitions. */
export interface CrdSource {
  module: string;
  /** Files or patterns within it. */
  files: readonly string[];
}

export const crdSources: readonly CrdSource[] = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.92.1',
    files: ['podmonitors', 'servicemonitors', 'prometheusrules'].map(
      (plural) => `example/prometheus-operator-crd/monitoring.coreos.com_${plural}.yaml`,
    ),
  },
  {
    module: 'github.com/kedacore/keda/v2@v2.21.0',
    files: ['config/crd/bases/keda.sh_scaledobjects.yaml', 'config/crd/bases/keda.sh_triggerauthentications.yaml'],
  },
  {
    module: 'github.com/cloudnative-pg/cloudnative-pg@v1.30.1',
    files: ['clusters', 'poolers', 'scheduledbackups'].map(
      (plural) => `config/crd/bases/postgresql.cnpg.io_${plural}.yaml`,
    ),
  },
  {
    module: 'github.com/cloudnative-pg/plugin-barman-cloud@v0.15.0',
    files: ['config/crd/bases/barmancloud.cnpg.io_objectstores.yaml'],
  },
  {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    files: ['config/crds/bases/external-secrets.io_externalsecrets.yaml'],
  },
  { module: 'github.com/cert-manager/cert-manager@v1.21.2', files: ['deploy/crds/cert-manager.io_certificates.yaml'] },
  {
    // 1.7 wants Go 1.27.
    module: 'sigs.k8s.io/gateway-api@v1.6.3',
    files: ['config/crd/standard/gateway.networking.k8s.io_httproutes.yaml'],
  },
];

/** The package of PyPI that has Kubernetes' own schemas, for a dozen of its versions. */
export const KUBERNETES_VALIDATE = 'kubernetes-validate==1.37.0';

/** The versions that manifests are held against: the oldest and the newest one that the project is run on. */
export const KUBERNETES_VERSIONS = ['1.36.0', '1.37.0'] as const;
