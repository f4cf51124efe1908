{{- define "innkeeper.network.dns" -}}
{{- $dns := .Values.networkPolicy.dns }}
- ports:
    - port: {{ int64 $dns.port }}
      protocol: UDP
    - port: {{ int64 $dns.port }}
      protocol: TCP
  {{- with $dns.to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* To PostgreSQL. Takes (dict "root" $ "pooled" BOOLEAN): whether through the Cluster's poolers too. */}}
{{- define "innkeeper.network.postgres" -}}
{{- $given := .root.Values.networkPolicy.postgres }}
{{- $peers := include "innkeeper.network.given" $given.to }}
{{- $ports := $given.ports }}
{{- if .root.Values.demo.enabled }}
{{- $peers = include "innkeeper.network.pods" (list .root "postgres") }}
{{- $ports = list 5432 }}
{{- else if .root.Values.postgres.cluster.enabled }}
{{- $peers = include "innkeeper.network.cluster" .root }}
{{- if .pooled }}{{ $peers = printf "%s\n%s" $peers (include "innkeeper.network.poolers" .root) }}{{ end }}
{{- $ports = list 5432 }}
{{- end }}
{{- include "innkeeper.network.rule" (dict "way" "to" "peers" $peers "ports" $ports) }}
{{- end }}

{{/* Peers: the Cluster's pods. */}}
{{- define "innkeeper.network.cluster" -}}
- podSelector:
    matchLabels:
      cnpg.io/cluster: {{ include "innkeeper.data.cluster" . }}
{{- end }}

{{/* Peers: its poolers' pods; nothing where there are none. */}}
{{- define "innkeeper.network.poolers" -}}
{{- if .Values.postgres.cluster.pooler.enabled }}
- podSelector:
    {{- include "innkeeper.network.poolerSelector" . | nindent 4 }}
{{- end }}
{{- end }}

{{- define "innkeeper.network.poolerSelector" -}}
{{- $cluster := include "innkeeper.data.cluster" . -}}
matchExpressions:
  - key: cnpg.io/poolerName
    operator: In
    values: [{{ $cluster }}-pooler-rw, {{ $cluster }}-pooler-ro]
{{- end }}

{{/* To Redis, unless it is known that there is none. */}}
{{- define "innkeeper.network.redis" -}}
{{- $given := .Values.networkPolicy.redis }}
{{- $values := .Values.secrets.values }}
{{- if .Values.demo.enabled }}
{{ include "innkeeper.network.rule" (dict "way" "to" "peers" (include "innkeeper.network.pods" (list . "valkey")) "ports" (list 6379)) }}
{{- else if or (not $values) (hasKey $values "REDIS_URL") }}
{{ include "innkeeper.network.rule" (dict "way" "to" "peers" (include "innkeeper.network.given" $given.to) "ports" $given.ports) }}
{{- end }}
{{- end }}

{{/* To what settings or `extraEnv` name by a URL. Takes (dict "root" $ "component" NAME "names" LIST "to" PEERS). */}}
{{- define "innkeeper.network.named" -}}
{{- $urls := list }}
{{- range $name := .names }}
{{- $urls = append $urls (get $.root.Values.config $name | default "") }}
{{- range (index $.root.Values $.component).extraEnv }}
{{- if eq .name $name }}{{ $urls = append $urls (.value | default "") }}{{ end }}
{{- end }}
{{- end }}
{{- $ports := list }}
{{- range $urls }}
{{- $ports = concat $ports (include "innkeeper.network.portsOf" (dict "url" . "otherwise" (ternary "443" "80" (hasPrefix "https:" .))) | splitList " ") }}
{{- end }}
{{- with compact $ports | uniq }}
{{ include "innkeeper.network.rule" (dict "way" "to" "peers" (include "innkeeper.network.given" $.to) "ports" .) }}
{{- end }}
{{- end }}

{{/* What web and worker both reach. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.network.serverEgress" -}}
{{ include "innkeeper.network.dns" .root }}
{{ include "innkeeper.network.postgres" (dict "root" .root "pooled" true) }}
{{- include "innkeeper.network.redis" .root }}
{{- $endpoints := list "OTEL_EXPORTER_OTLP_ENDPOINT" "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" }}
{{- include "innkeeper.network.named" (dict "root" .root "component" .component "names" $endpoints "to" .root.Values.networkPolicy.collector) }}
{{- end }}
