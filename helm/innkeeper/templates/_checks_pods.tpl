{{- define "innkeeper.checks.pods" -}}
{{- $root := . }}
{{- $least := dict "web" 256 "worker" 256 }}
{{- range $component := list "web" "worker" }}
{{- $values := index $root.Values $component }}
{{- $of := dict "root" $root "component" $component }}
{{- $memory := include "innkeeper.memory" $of | fromYaml }}
{{- $limit := int64 $memory.limit }}
{{- $aside := add $memory.index $memory.cache }}
{{- $needed := div (add (mul (add (get $least $component) $aside) 4) 2) 3 }}
{{- if not $limit }}
{{ $component }}.resources.limits.memory is missing: it decides how large the heap may become.
{{- else if lt (int64 $memory.heap) (get $least $component | int64) }}
{{ $component }}.resources.limits.memory is {{ $values.resources.limits.memory }}: {{ if $aside }}beside the search index ({{ $memory.index }} MB) and kept answers ({{ $memory.cache }} MB) {{ end }}it leaves a heap of {{ $memory.heap }} MiB, and {{ get $least $component }} are needed. Make it {{ $needed }}Mi or more{{ if $aside }}, or config.SEARCH_INDEX_MB and config.CACHE_MB smaller{{ end }}.
{{- end }}
{{- $grace := include "innkeeper.graceSeconds" $of | int64 }}
{{- $stop := include "innkeeper.stopSeconds" $of | int64 }}
{{- if lt $grace $stop }}
{{ $component }}.terminationGracePeriodSeconds is {{ $grace }}, but a pod needs {{ $stop }} to stop: {{ $component }}.drainSeconds {{ $values.drainSeconds }}{{ if eq $component "web" }}, {{ include "innkeeper.requestSeconds" $root }} for the longest request (config.MAX_DEADLINE_MS){{ end }}, and 10 to close. Leave it null.
{{- end }}
{{- end }}
{{- end }}

{{/* Names in extraEnv that a container has already: Kubernetes would keep one of the two. */}}
{{- define "innkeeper.checks.environment" -}}
{{- $root := . }}
{{- $secret := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "DATABASE_MIGRATION_URL" "REDIS_URL" "DATA_KEY" "AUTH_SECRET" }}
{{- $own := list "PROCESS_NAME" "NODE_OPTIONS" "SEARCH_INDEX" "CACHE_MB" }}
{{- if .Values.postgres.cluster.enabled }}{{ $own = concat $own (list "POSTGRES_USER" "POSTGRES_PASSWORD") }}{{ end }}
{{- $config := include "innkeeper.config" . | fromYaml }}
{{- range $component := list "web" "worker" "migrations" }}
{{- $seen := dict }}
{{- range (index $root.Values $component).extraEnv }}
{{- if has .name $secret }}
{{ $component }}.extraEnv has {{ .name }}, which comes from secrets.
{{- else if hasKey $root.Values.config .name }}
{{ $component }}.extraEnv has {{ .name }}, which config has too.
{{- else if or (hasKey $config .name) (has .name $own) }}
{{ $component }}.extraEnv has {{ .name }}, which the chart sets.
{{- else if hasKey $seen .name }}
{{ $component }}.extraEnv has {{ .name }} twice.
{{- end }}
{{- $_ := set $seen .name true }}
{{- end }}
{{- end }}
{{- end }}
