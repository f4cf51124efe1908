{{/* From Prometheus to the port for operators. */}}
{{- define "innkeeper.network.metrics" -}}
{{- with .Values.networkPolicy.prometheus }}
{{ include "innkeeper.network.rule" (dict "way" "from" "peers" (toYaml .) "ports" (list 9464)) }}
{{- end }}
{{- end }}

{{/* Peers: who sends what clients call, where that is not the edge; nothing for anyone. */}}
{{- define "innkeeper.network.clients" -}}
{{- $mode := include "innkeeper.ingressMode" . }}
{{- if .Values.networkPolicy.clients }}
{{- toYaml .Values.networkPolicy.clients }}
{{- else if eq $mode "controller" }}
- namespaceSelector: {}
  podSelector:
    matchLabels:
      app.kubernetes.io/name: nginx-ingress
{{- else if eq $mode "gateway" }}
{{- range .Values.ingress.gateway.parentRefs }}
- namespaceSelector:
    matchLabels:
      kubernetes.io/metadata.name: {{ .namespace | default $.Release.Namespace | quote }}
  podSelector:
    matchLabels:
      gateway.networking.k8s.io/gateway-name: {{ .name | quote }}
{{- end }}
{{- end }}
{{- end }}

{{- define "innkeeper.network.webIngress" -}}
{{- if eq (include "innkeeper.ingressMode" .) "edge" }}
{{ include "innkeeper.network.rule" (dict "way" "from" "peers" (include "innkeeper.network.pods" (list . "edge" "test")) "ports" (list 3000)) }}
{{- else }}
{{ include "innkeeper.network.rule" (dict "way" "from" "peers" (include "innkeeper.network.clients" .) "ports" (list 3000)) }}
{{ include "innkeeper.network.rule" (dict "way" "from" "peers" (include "innkeeper.network.pods" (list . "test")) "ports" (list 3000)) }}
{{- end }}
{{- include "innkeeper.network.metrics" . }}
{{- end }}

{{- define "innkeeper.network.webEgress" -}}
{{ include "innkeeper.network.serverEgress" (dict "root" . "component" "web") }}
{{- include "innkeeper.network.named" (dict "root" . "component" "web" "names" (list "PROMETHEUS_URL" "ALERTMANAGER_URL") "to" list) }}
{{- end }}

{{/* To those who asked for webhooks: anyone on the internet. */}}
{{- define "innkeeper.network.webhooks" -}}
{{- $webhooks := .Values.networkPolicy.webhooks }}
{{- $peers := list (dict "ipBlock" (dict "cidr" "0.0.0.0/0" "except" $webhooks.except)) (dict "ipBlock" (dict "cidr" "::/0" "except" $webhooks.except6)) }}
{{- if eq (toString .Values.config.WEBHOOK_ALLOW_PRIVATE) "true" }}{{ $peers = list }}{{ end }}
{{- include "innkeeper.network.rule" (dict "way" "to" "peers" (include "innkeeper.network.given" $peers) "ports" $webhooks.ports) }}
{{- end }}
