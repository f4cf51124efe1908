{{/* Faults of addresses: those that are none, and those that the network policies don't let pods reach. */}}
{{- define "innkeeper.checks.network" -}}
{{- $root := . }}
{{- $url := "^https?://([^/?#\\s@%]*@)?([A-Za-z0-9._-]+|\\[[0-9a-fA-F:]+\\])(:[0-9]{1,5})?([/?#]([^%\\s]|%[0-9a-fA-F]{2})*)?$" }}
{{- $why := "that is no address like http://collector:4318" }}
{{- $names := list "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" "PROMETHEUS_URL" "ALERTMANAGER_URL" }}
{{- range $name := $names }}
{{- with get $root.Values.config $name | toString }}
{{- if not (regexMatch $url .) }}
config.{{ $name }} is {{ include "innkeeper.network.withoutLogin" . }}: {{ $why }}.
{{- end }}
{{- end }}
{{- end }}
{{- range $component := list "web" "worker" }}
{{- range (index $root.Values $component).extraEnv }}
{{- if and (has .name $names) .value (not (regexMatch $url (.value | default ""))) }}
{{ $component }}.extraEnv has {{ .name }} {{ include "innkeeper.network.withoutLogin" .value }}: {{ $why }}.
{{- end }}
{{- end }}
{{- end }}
{{- $policy := .Values.networkPolicy }}
{{- if and $policy.enabled (not (dig "web" "egress" list $policy.extra)) }}
{{- $values := .Values.secrets.values }}
{{- range $name := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "DATABASE_MIGRATION_URL" }}
{{- $urls := list (get $values $name) }}
{{- if eq $name "DATABASE_REPLICA_URLS" }}{{ $urls = splitList "," (get $values $name) }}{{ end }}
{{- include "innkeeper.checks.ports" (dict "name" $name "urls" $urls "otherwise" "5432" "of" "postgres" "ports" $policy.postgres.ports) }}
{{- end }}
{{- $redis := get $values "REDIS_URL" }}
{{- $otherwise := ternary "26379" "6379" (regexMatch "^rediss?\\+sentinel:" $redis) }}
{{- include "innkeeper.checks.ports" (dict "name" "REDIS_URL" "urls" (list $redis) "otherwise" $otherwise "of" "redis" "ports" $policy.redis.ports) }}
{{- end }}
{{- end }}

{{/*
Ports of a secret address that are not among those of `networkPolicy`. Takes (dict "name" SECRET "urls" LIST "otherwise" PORT
"of" SECTION "ports" LIST).
*/}}
{{- define "innkeeper.checks.ports" -}}
{{- $open := list }}
{{- range .ports }}{{ $open = append $open (int64 . | toString) }}{{ end }}
{{- $wanted := list }}
{{- range .urls }}
{{- $wanted = concat $wanted (include "innkeeper.network.portsOf" (dict "url" . "otherwise" $.otherwise) | splitList " ") }}
{{- end }}
{{- range compact $wanted | uniq }}
{{- if not (has . $open) }}
secrets.values.{{ $.name }} leads to port {{ . }}, but networkPolicy.{{ $.of }}.ports has {{ join ", " $open }}: add {{ . }} to it.
{{- end }}
{{- end }}
{{- end }}

{{/* An address without who logs in there. */}}
{{- define "innkeeper.network.withoutLogin" -}}
{{ regexReplaceAll "^(.*://)?.*@" . "${1}...@" }}
{{- end }}
