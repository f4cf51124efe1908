{{/* The faults of `postgres` and `demo`, one a line. */}}
{{- define "innkeeper.checks.data" -}}
{{- $cluster := .Values.postgres.cluster }}
{{- if and .Values.demo.enabled $cluster.enabled }}
demo.enabled and postgres.cluster.enabled both bring a database: leave one of them off.
{{- end }}
{{- if and $cluster.enabled $cluster.backup.enabled (not $cluster.backup.objectStore.existing) (empty $cluster.backup.objectStore.configuration) }}
postgres.cluster.backup.enabled is true, but nothing says where backups go: set postgres.cluster.backup.objectStore.existing to the name of an ObjectStore, or postgres.cluster.backup.objectStore.configuration to what one has in its spec.configuration.
{{- end }}
{{- range $name := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "DATABASE_MIGRATION_URL" }}
{{- if and (or $.Values.demo.enabled $cluster.enabled) (hasKey $.Values.secrets.values $name) }}
secrets.values.{{ $name }} would not be used: {{ ternary "demo" "postgres.cluster" $.Values.demo.enabled }}.enabled brings a database. Leave one of the two out.
{{- end }}
{{- end }}
{{- if and $cluster.pooler.enabled (not $cluster.enabled) }}
postgres.cluster.pooler.enabled is true, but postgres.cluster.enabled is false: for a pooler of your own set database.pooler.
{{- end }}
{{- if and .Values.database.pooler (include "innkeeper.ownDatabase" .) }}
database.pooler is true, but {{ ternary "demo" "postgres.cluster" .Values.demo.enabled }}.enabled brings the database, with no pooler of yours before it: leave database.pooler false{{ if $cluster.enabled }}, and set postgres.cluster.pooler.enabled for the Cluster's own{{ end }}.
{{- end }}
{{- if $cluster.enabled }}
{{- range $name := list "max_connections" "superuser_reserved_connections" "reserved_connections" }}
{{- if hasKey $cluster.parameters $name }}
postgres.cluster.parameters.{{ $name }} is {{ get $cluster.parameters $name | include "innkeeper.settingText" }}, which changes how many connections pods are left: leave it out, and set database.maxConnections.
{{- end }}
{{- end }}
{{- if regexMatch ":(1[0-6]|[1-9])([.-][^/:@]*)?(@|$)" $cluster.image }}
postgres.cluster.image is {{ $cluster.image }}: a Cluster wants PostgreSQL 17 or 18, whose collation needs no C library.
{{- end }}
{{- include "innkeeper.checks.clusterPooler" . }}
{{- end }}
{{- end }}

{{/* What the Cluster's PgBouncer and those that go past it may want together. */}}
{{- define "innkeeper.checks.clusterPooler" -}}
{{- $database := .Values.database }}
{{- $pooler := .Values.postgres.cluster.pooler }}
{{- $pods := include "innkeeper.processes" $pooler.instances | int64 }}
{{- $pool := include "innkeeper.settingText" (dig "default_pool_size" 20 $pooler.parameters) | int64 }}
{{- $reserve := include "innkeeper.settingText" (dig "reserve_pool_size" 0 $pooler.parameters) | int64 }}
{{- $web := include "innkeeper.servingProcesses" . | int64 }}
{{- $workers := include "innkeeper.workerProcesses" . | int64 }}
{{- $jobs := include "innkeeper.settingText" (.Values.config.JOBS_POOL_SIZE | default 4) | int64 }}
{{- $needed := add (mul $pods (add $pool $reserve 1)) $web (mul $workers (add 1 $jobs)) $database.reservedConnections }}
{{- if and $pooler.enabled (gt $needed (int64 $database.maxConnections)) }}
PgBouncer and those past it may want {{ $needed }} connections, but database.maxConnections is {{ int64 $database.maxConnections }}: {{ $pods }} pods of PgBouncer (two more during a roll-out) x (default_pool_size {{ $pool }} + reserve_pool_size {{ $reserve }} + 1) + {{ $web }} web pods (the same) x 1 + {{ $workers }} workers (the same) x (1 + JOBS_POOL_SIZE {{ $jobs }}) + database.reservedConnections {{ $database.reservedConnections }}. Make postgres.cluster.pooler.parameters.default_pool_size smaller, or database.maxConnections larger.
{{- end }}
{{- end }}
