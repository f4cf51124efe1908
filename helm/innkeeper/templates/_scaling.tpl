{{/* What scales: `keda`, `resource` or nothing. Bare words off and no are false in YAML. */}}
{{- define "innkeeper.scalingMode" -}}
{{- $mode := toString .Values.autoscaling.mode }}
{{- if has $mode (list "keda" "resource") }}{{ $mode }}{{ end }}
{{- end }}

{{/* Most web pods that there can be at a time, roll-outs aside. */}}
{{- define "innkeeper.webMax" -}}
{{- if include "innkeeper.scalingMode" . }}{{ .Values.autoscaling.max | int }}{{ else }}{{ .Values.web.replicas | int }}{{ end }}
{{- end }}

{{/* Most workers. Only KEDA is told how long work waits. */}}
{{- define "innkeeper.workerMax" -}}
{{- if eq (include "innkeeper.scalingMode" .) "keda" }}{{ .Values.autoscaling.worker.max | int }}{{ else }}{{ .Values.worker.replicas | int }}{{ end }}
{{- end }}

{{/* `spec.behavior` of an autoscaler. */}}
{{- define "innkeeper.scalingBehavior" -}}
{{- $directions := dict "scaleUp" .Values.autoscaling.scaleUp "scaleDown" .Values.autoscaling.scaleDown }}
{{- range $direction, $limits := $directions }}
{{ $direction }}:
  stabilizationWindowSeconds: {{ $limits.stabilizationSeconds | int }}
  policies:
    - type: Pods
      value: {{ $limits.pods | int }}
      periodSeconds: {{ $limits.periodSeconds | int }}
{{- end }}
{{- end }}

{{/* What names the series of a component's pods. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.seriesOf" -}}
{{- $matchers := list (printf "namespace=%q" .root.Release.Namespace) (printf "job=%q" (include "innkeeper.scrapeJob" .)) }}
{{- range $label, $value := .root.Values.autoscaling.prometheus.labels }}
{{- $matchers = append $matchers (printf "%s=%q" $label $value) }}
{{- end }}
{{- printf "{%s}" (join ", " $matchers) }}
{{- end }}

{{- define "innkeeper.checks.scaling" -}}
{{- $scaling := .Values.autoscaling }}
{{- $mode := include "innkeeper.scalingMode" . }}
{{- $authentication := $scaling.prometheus.authentication }}
{{- if and $mode (gt (int $scaling.min) (int $scaling.max)) }}
autoscaling.min is {{ $scaling.min }}, more than autoscaling.max {{ $scaling.max }}.
{{- end }}
{{- include "innkeeper.checks.scalingSource" $scaling.prometheus }}
{{- if eq $mode "keda" }}
{{- if gt (int $scaling.worker.min) (int $scaling.worker.max) }}
autoscaling.worker.min is {{ $scaling.worker.min }}, more than autoscaling.worker.max {{ $scaling.worker.max }}.
{{- end }}
{{- if not $scaling.prometheus.address }}
autoscaling.prometheus.address is missing: KEDA asks Prometheus there, like http://prometheus-operated.monitoring:9090.
{{- end }}
{{- if and $authentication.existing $authentication.secret }}
autoscaling.prometheus.authentication.existing and .secret are both given: leave one of them.
{{- end }}
{{- if and $authentication.modes (not (or $authentication.existing $authentication.secret)) }}
autoscaling.prometheus.authentication.modes is {{ join ", " $authentication.modes }}, but neither .existing nor .secret says with what.
{{- end }}
{{- if and (or $authentication.existing $authentication.secret) (not $authentication.modes) }}
autoscaling.prometheus.authentication.modes is empty: say whether it is bearer, basic, tls or custom.
{{- end }}
{{- if and $authentication.secret (not $authentication.keys) }}
autoscaling.prometheus.authentication.secret is {{ $authentication.secret }}, but .keys does not say which of its keys is which, like {bearerToken: token}.
{{- end }}
{{- end }}
{{- if and (eq $mode "resource") (not (dig "requests" "cpu" "" (.Values.web.resources | default dict))) }}
autoscaling.mode is resource, but web.resources.requests.cpu is missing: autoscaling.resource.cpu is a share of it.
{{- end }}
{{- if and .Values.monitoring.enabled .Values.monitoring.podMonitor.enabled .Values.monitoring.serviceMonitor.enabled }}
monitoring.podMonitor.enabled and monitoring.serviceMonitor.enabled are both true: everything would be counted twice. Leave one of them.
{{- end }}
{{- end }}

{{/* Credentials where everyone may read them, and what KEDA can't ask with. Takes the section `prometheus`. */}}
{{- define "innkeeper.checks.scalingSource" -}}
{{- $instead := "a ScaledObject is no place for them: use autoscaling.prometheus.authentication" }}
{{- with .address }}
{{- if contains "@" . }}
autoscaling.prometheus.address holds credentials, and {{ $instead }}.
{{- else if not (regexMatch "^https?://\\S*[^\\s/]$" .) }}
autoscaling.prometheus.address is {{ . }}: it has to begin with http:// or https://, and not to end with a slash.
{{- end }}
{{- end }}
{{- range $header, $value := .headers }}
{{- if regexMatch "(?i)authorization|cookie|token|secret|password|api-?key" $header }}
autoscaling.prometheus.headers.{{ $header }} may hold credentials, and {{ $instead }}, whose mode custom sends a header.
{{- else if regexMatch "[,=\\n]" $value }}
autoscaling.prometheus.headers.{{ $header }} has a comma, an equals sign or a line break, by which KEDA would take it apart.
{{- end }}
{{- end }}
{{- end }}
