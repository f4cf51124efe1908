{{/* How requests come in; a bare `off` is YAML's false. */}}
{{- define "innkeeper.ingressMode" -}}
{{- $mode := toString .Values.ingress.mode }}
{{- ternary "off" $mode (eq $mode "false") }}
{{- end }}

{{/* The Secret with the certificate; nothing where none is asked for. */}}
{{- define "innkeeper.tlsSecret" -}}
{{- $tls := .Values.ingress.tls }}
{{- if $tls.secretName }}
{{- $tls.secretName }}
{{- else if $tls.issuer }}
{{- include "innkeeper.fullname" . }}-tls
{{- end }}
{{- end }}

{{/* How long a proxy may keep an idle connection to a web pod. */}}
{{- define "innkeeper.upstreamKeepAliveSeconds" -}}
{{- $keepAliveMs := include "innkeeper.settingText" (.Values.config.KEEP_ALIVE_MS | default 70000) | int64 }}
{{- min 60 (sub (div $keepAliveMs 1000) 5) }}
{{- end }}

{{- define "innkeeper.edge.image" -}}
{{- with .Values.edge.image }}
{{- .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag }}{{ end }}
{{- end }}
{{- end }}

{{/* A pod that stops waits until nobody sends to it any more, then lets its requests end, and has five seconds to spare. */}}
{{- define "innkeeper.edge.graceSeconds" -}}
{{- add .Values.edge.drainSeconds (include "innkeeper.requestSeconds" .) 5 }}
{{- end }}

{{/* The files of the edge's ConfigMap by their names, as YAML. */}}
{{- define "innkeeper.edge.files" -}}
nginx.conf: |
  {{- include "innkeeper.edge.main" . | nindent 2 }}
upstreams.conf: |
  {{- include "innkeeper.edge.upstreams" . | nindent 2 }}
api.conf: |
  {{- include "innkeeper.edge.api" . | nindent 2 }}
refusals.conf: |
  {{- include "innkeeper.edge.refusals" . | nindent 2 }}
{{- if .Values.edge.resolver }}
resolver.conf: |
  resolver {{ join " " .Values.edge.resolver }} valid=5s;
{{- else }}
resolver.mjs: |
  {{- .Files.Get "files/edge/resolver.mjs" | nindent 2 }}
{{- end }}
{{- end }}

{{- define "innkeeper.checks.edge" -}}
{{- $mode := include "innkeeper.ingressMode" . }}
{{- $ingress := .Values.ingress }}
{{- if and $ingress.tls.issuer (not $ingress.host) }}
ingress.tls.issuer is {{ $ingress.tls.issuer }}, but ingress.host is empty: a certificate needs the name that clients call.
{{- end }}
{{- if and (eq $mode "controller") (not $ingress.host) }}
ingress.mode is controller, but ingress.host is empty: the controller needs the name that clients call.
{{- end }}
{{- if and (eq $mode "gateway") (empty $ingress.gateway.parentRefs) }}
ingress.mode is gateway, but ingress.gateway.parentRefs is empty: name the Gateway, like [{name: gateway, namespace: gateways}].
{{- end }}
{{- if and (eq $mode "gateway") (include "innkeeper.tlsSecret" .) }}
ingress.tls is set, but ingress.mode is gateway: the certificate belongs to the Gateway's listener.
{{- end }}
{{- if and (eq $mode "edge") .Values.edge.proxyProtocol (empty .Values.edge.trustedProxies) }}
edge.proxyProtocol is true, but edge.trustedProxies is empty: say from which addresses the load balancer comes.
{{- end }}
{{- if and (eq $mode "edge") (lt (int64 .Values.edge.keepAliveSeconds) 20) }}
edge.keepAliveSeconds is {{ .Values.edge.keepAliveSeconds }}: clients are told to leave a connection after 15 idle seconds, so 20 are the least.
{{- end }}
{{- end }}

{{/* Where both containers of a pod find the configuration and may write. */}}
{{- define "innkeeper.edge.mounts" -}}
volumeMounts:
  - name: config
    mountPath: /etc/innkeeper-edge
    readOnly: true
  - name: run
    mountPath: /run/edge
{{- end }}
