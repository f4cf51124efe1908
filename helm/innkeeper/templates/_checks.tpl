{{/*
Refuses values that can't work, all of them at once. Each part says its faults one a line, or nothing.
*/}}
{{- define "innkeeper.checks" -}}
{{- $parts := list
  (include "innkeeper.checks.secrets" .)
  (include "innkeeper.checks.database" .)
  (include "innkeeper.checks.config" .)
  (include "innkeeper.checks.pods" .)
  (include "innkeeper.checks.environment" .)
  (include "innkeeper.checks.volumes" .)
  (include "innkeeper.checks.metadata" .)
  (include "innkeeper.checks.network" .)
  (include "innkeeper.checks.edge" .)
  (include "innkeeper.checks.scaling" .)
  (include "innkeeper.checks.data" .) }}
{{- $faults := list }}
{{- range $parts }}
{{- range splitList "\n" . }}
{{- if trim . }}{{ $faults = append $faults (printf "  - %s" (trim .)) }}{{ end }}
{{- end }}
{{- end }}
{{- if $faults }}
{{- fail (printf "\n\nThese values can't work:\n%s\n" (join "\n" $faults)) }}
{{- end }}
{{- end }}

{{/* The same sum as in src/platform/db/connection-budget.ts, where each process checks it against the real database. */}}
{{- define "innkeeper.checks.database" -}}
{{- $database := .Values.database }}
{{- $beside := 3 }}
{{- $web := include "innkeeper.servingProcesses" . | int64 }}
{{- $workers := include "innkeeper.workerProcesses" . | int64 }}
{{- $pool := add $database.poolSize $beside | int64 }}
{{- $jobs := include "innkeeper.settingText" (.Values.config.JOBS_POOL_SIZE | default 4) | int64 }}
{{- $needed := add (mul $web $pool) (mul $workers (add $pool $jobs)) $database.reservedConnections }}
{{- if and (not (include "innkeeper.pooled" .)) (gt $needed (int64 $database.maxConnections)) }}
All pods together may want {{ $needed }} connections, but database.maxConnections is {{ int64 $database.maxConnections }}: {{ $web }} web pods (two more during a roll-out) x (database.poolSize {{ $database.poolSize }} + {{ $beside }}) + {{ $workers }} workers (the same) x ({{ $database.poolSize }} + {{ $beside }} + JOBS_POOL_SIZE {{ $jobs }}) + database.reservedConnections {{ $database.reservedConnections }}. Let there be fewer pods ({{ include "innkeeper.mostPodsValue" . }}), make database.poolSize smaller, or raise max_connections of the database and then database.maxConnections.
{{- end }}
{{- end }}

{{/* Which value says how many web pods there are. */}}
{{- define "innkeeper.mostPodsValue" -}}
{{- if include "innkeeper.scalingMode" . }}autoscaling.max{{ else }}web.replicas{{ end }}
{{- end }}

{{- define "innkeeper.checks.config" -}}
{{- $instead := dict "DATABASE_POOL_SIZE" "database.poolSize" "DATABASE_POOLER" "database.pooler" "DATABASE_RESERVED_CONNECTIONS" "database.reservedConnections"
  "SERVING_PROCESSES" "web.replicas or autoscaling.max" "WORKER_PROCESSES" "worker.replicas or autoscaling.worker.max" "REDIS_PREFIX" "redis.prefix"
  "REDIS_TIMEOUT_MS" "redis.timeoutMs" "DRAIN_DELAY_MS" "web.drainSeconds" "SHUTDOWN_GRACE_MS" "config.MAX_DEADLINE_MS" }}
{{- $secret := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "DATABASE_MIGRATION_URL" "REDIS_URL" "DATA_KEY" "AUTH_SECRET" }}
{{- $embedded := list "INNKEEPER_DATA_DIR" "EMBEDDED_STANDBY" }}
{{- $own := include "innkeeper.ownConfig" . | fromYaml }}
{{- range $name, $value := .Values.config }}
{{- if hasKey $instead $name }}
config.{{ $name }} is set by the chart: use {{ get $instead $name }}.
{{- else if has $name $secret }}
config.{{ $name }} is a secret: it belongs in secrets, not in a ConfigMap.
{{- else if regexMatch "^OTEL_.*HEADERS$" $name }}
config.{{ $name }} may hold credentials, and a ConfigMap is no place for them: set it in web.extraEnv and worker.extraEnv, with valueFrom.
{{- else if regexMatch "://.*@" (toString $value) }}
config.{{ $name }} holds credentials, and a ConfigMap is no place for them: set it in extraEnv, with valueFrom, and its port in networkPolicy.extra.
{{- else if has $name $embedded }}
config.{{ $name }} is about the embedded database, which pods don't have.
{{- else if or (hasKey $own $name) (eq $name "PROCESS_NAME") }}
config.{{ $name }} is set by the chart and can't be changed.
{{- end }}
{{- end }}
{{- $keepAlive := include "innkeeper.settingText" (dig "KEEP_ALIVE_MS" 70000 .Values.config) | int64 }}
{{- if and (le $keepAlive 60000) (ne (include "innkeeper.ingressMode" .) "off") }}
config.KEEP_ALIVE_MS is {{ $keepAlive }}: nginx keeps idle connections for 60000, and would send requests into closed ones. Make it 65000 or more.
{{- end }}
{{- if and (lt (int .Values.web.drainSeconds) 10) (eq (include "innkeeper.ingressMode" .) "edge") }}
web.drainSeconds is {{ .Values.web.drainSeconds }}: the edge looks for the pods every 5 seconds, and the cluster's DNS may be as late. Make it 10 or more.
{{- end }}
{{- $requests := include "innkeeper.requestSeconds" . | int64 }}
{{- if gt $requests 600 }}
config.MAX_DEADLINE_MS is {{ include "innkeeper.settingText" .Values.config.MAX_DEADLINE_MS }}: pods that stop wait ten minutes at most for requests, so 595000 is the most.
{{- end }}
{{- end }}
