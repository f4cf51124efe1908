{{/*
A NetworkPolicy of one component, with the rules that values add to it. Takes (dict "root" $ "component" NAME "ingress" YAML
"egress" YAML), each a list of rules or nothing; "name" and "annotations" where it has others than its component's.
*/}}
{{- define "innkeeper.network.policy" -}}
{{- $extra := index .root.Values.networkPolicy.extra .component | default dict }}
{{- $ingress := concat (.ingress | default "" | fromYamlArray) ($extra.ingress | default list) }}
{{- $egress := concat (.egress | default "" | fromYamlArray) ($extra.egress | default list) -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ .name | default (printf "%s-%s" (include "innkeeper.fullname" .root) .component) }}
  labels:
    {{- include "innkeeper.labels" . | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  podSelector:
    matchLabels:
      {{- include "innkeeper.selectorLabels" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  {{- with $ingress }}
  ingress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with $egress }}
  egress:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* Peers: pods of this release. Takes (list $ COMPONENT ...). */}}
{{- define "innkeeper.network.pods" -}}
{{- $root := first . }}
{{- range rest . }}
- podSelector:
    matchLabels:
      {{- include "innkeeper.selectorLabels" (dict "root" $root "component" .) | nindent 6 }}
{{- end }}
{{- end }}

{{/* One rule. Takes (dict "way" "from" or "to" "peers" YAML "ports" LIST); no peers is anyone. */}}
{{- define "innkeeper.network.rule" -}}
- ports:
    {{- range .ports }}
    - port: {{ int64 . }}
      protocol: TCP
    {{- end }}
  {{- with trim .peers }}
  {{ $.way }}:
    {{- . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* A list of values as YAML; nothing for an empty one. */}}
{{- define "innkeeper.network.given" -}}
{{- with . }}{{ toYaml . }}{{ end }}
{{- end }}

{{/* The ports that a URL leads to, separated by blanks: it may have several hosts. Takes (dict "url" URL "otherwise" PORT). */}}
{{- define "innkeeper.network.portsOf" -}}
{{- $otherwise := .otherwise }}
{{- $ports := list }}
{{- $hosts := regexReplaceAll "^[a-z+]+://(.*@)?" (regexFind "^[a-z+]+://[^/?#]+" .url) "" }}
{{- range splitList "," $hosts | compact }}
{{- $ports = append $ports (regexFind ":[0-9]+$" . | trimPrefix ":" | default $otherwise) }}
{{- end }}
{{- join " " $ports }}
{{- end }}
