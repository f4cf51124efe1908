{{/* Where the API is once the steps of the notes are done. */}}
{{- define "innkeeper.url" -}}
{{- $mode := include "innkeeper.ingressMode" . }}
{{- $host := .Values.ingress.host }}
{{- if or (eq $mode "off") (not $host) }}http://127.0.0.1:8080
{{- else }}{{ ternary "https" "http" (or (eq $mode "gateway") (ne (include "innkeeper.tlsSecret" .) "")) }}://{{ $host }}
{{- end }}
{{- end }}

{{/* Whether the edge takes plain requests from anyone, whatever name they ask for. */}}
{{- define "innkeeper.edge.plain" -}}
{{- if and (eq (include "innkeeper.ingressMode" .) "edge") (not (include "innkeeper.tlsSecret" .)) (not .Values.edge.proxyProtocol) }}true{{ end }}
{{- end }}

{{/* How it is reached under that address. */}}
{{- define "innkeeper.reach" -}}
{{- $mode := include "innkeeper.ingressMode" . }}
{{- $namespace := .Release.Namespace }}
{{- $name := include "innkeeper.fullname" . }}
{{- if or (eq $mode "off") (not .Values.ingress.host) }}
Open a way to it, and leave that running:

       kubectl -n {{ $namespace }} port-forward service/{{ $name }}{{ if include "innkeeper.edge.plain" . }}-edge{{ end }} 8080:80
{{- else if eq $mode "edge" }}
Point {{ .Values.ingress.host }} at the edge:

       kubectl -n {{ $namespace }} get service {{ $name }}-edge
{{- else if eq $mode "controller" }}
Point {{ .Values.ingress.host }} at the controller:

       kubectl -n {{ $namespace }} get ingress
{{- else }}
Point {{ .Values.ingress.host }} at the gateway:

       kubectl -n {{ $namespace }} get httproute
{{- end }}
{{- end }}

{{/* Where pods may reach what a Secret names that was made elsewhere; nothing where that is known, or anywhere. */}}
{{- define "innkeeper.secretPorts" -}}
{{- $policy := .Values.networkPolicy }}
{{- if and $policy.enabled (include "innkeeper.secretName" .) (not .Values.secrets.values) }}
{{- $postgres := printf "PostgreSQL on %s (networkPolicy.postgres.ports) and " (include "innkeeper.listed" $policy.postgres.ports) }}
Pods may reach {{ if not (include "innkeeper.ownDatabase" .) }}{{ $postgres }}{{ end }}Redis on {{ include "innkeeper.listed" $policy.redis.ports }} (networkPolicy.redis.ports). If the Secret leads to other ports, add them.
{{- end }}
{{- end }}

{{/* Whole numbers, separated by commas. Takes the list. */}}
{{- define "innkeeper.listed" -}}
{{- range $index, $number := . }}{{ if $index }}, {{ end }}{{ int64 $number }}{{ end }}
{{- end }}
