{{/* What the chart decides itself, as YAML by the setting's name. Of these `config` may change none. */}}
{{- define "innkeeper.ownConfig" -}}
{{- $host := ternary "::" "0.0.0.0" .Values.ipv6 -}}
NODE_ENV: production
HOST: {{ $host | quote }}
PORT: "3000"
ADMIN_HOST: {{ $host | quote }}
ADMIN_PORT: "9464"
JOBS_IN_SERVE: "false"
MIGRATE_ON_START: "false"
DRAIN_DELAY_MS: {{ mul .Values.web.drainSeconds 1000 | quote }}
SHUTDOWN_GRACE_MS: {{ mul (include "innkeeper.requestSeconds" .) 1000 | quote }}
DATABASE_POOL_SIZE: {{ .Values.database.poolSize | int64 | quote }}
DATABASE_POOLER: {{ .Values.database.pooler | quote }}
DATABASE_RESERVED_CONNECTIONS: {{ .Values.database.reservedConnections | int64 | quote }}
SERVING_PROCESSES: {{ include "innkeeper.servingProcesses" . | quote }}
WORKER_PROCESSES: {{ include "innkeeper.workerProcesses" . | quote }}
REDIS_PREFIX: {{ .Values.redis.prefix | quote }}
REDIS_TIMEOUT_MS: {{ .Values.redis.timeoutMs | int64 | quote }}
{{- end }}

{{/* What it would have unless `config` says otherwise. */}}
{{- define "innkeeper.usualConfig" -}}
{{- $memory := include "innkeeper.memory" (dict "root" . "component" "web") | fromYaml -}}
LOG_FORMAT: json
KEEP_ALIVE_MS: "70000"
{{- if gt (int64 $memory.index) 0 }}
SEARCH_INDEX_MB: {{ $memory.index | int64 | quote }}
{{- end }}
CACHE_MB: {{ $memory.cache | int64 | quote }}
{{- if ne (include "innkeeper.ingressMode" .) "off" }}
TRUST_PROXY: "1"
{{- end }}
{{- end }}

{{/* Every setting that is no secret, as text by its name, as YAML. */}}
{{- define "innkeeper.config" -}}
{{- $config := include "innkeeper.usualConfig" . | fromYaml }}
{{- range $name, $value := .Values.config }}
{{- $_ := set $config $name (include "innkeeper.settingText" $value) }}
{{- end }}
{{- toYaml (mergeOverwrite $config (include "innkeeper.ownConfig" . | fromYaml)) }}
{{- end }}

{{/* Most web processes at a time. */}}
{{- define "innkeeper.servingProcesses" -}}
{{- include "innkeeper.processes" (include "innkeeper.webMax" .) }}
{{- end }}

{{/* The same of workers; none where there are none. */}}
{{- define "innkeeper.workerProcesses" -}}
{{- include "innkeeper.processes" (include "innkeeper.workerMax" .) }}
{{- end }}

{{/* Processes of so many pods during a roll-out: one more starts, and of two or more another still stops. Takes the most pods. */}}
{{- define "innkeeper.processes" -}}
{{- $pods := int64 . }}
{{- if gt $pods 1 }}{{ add $pods 2 }}{{ else if eq $pods 1 }}2{{ else }}0{{ end }}
{{- end }}
