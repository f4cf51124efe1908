{{/* What the chosen values risk, one a line. */}}
{{- define "innkeeper.risks" -}}
{{ include "innkeeper.risks.data" . }}
{{ include "innkeeper.risks.pods" . }}
{{ include "innkeeper.risks.access" . }}
{{- end }}

{{- define "innkeeper.risks.data" -}}
{{- $cluster := .Values.postgres.cluster }}
{{- $values := .Values.secrets.values }}
{{- if .Values.demo.enabled }}
demo.enabled: UNSAFE. Passwords and keys follow from the release's name, and {{ ternary "the data goes when the release goes" "all data goes with the pods" .Values.demo.persistence.enabled }}. Only to try it out.
{{- end }}
{{- if $cluster.enabled }}
{{- if not $cluster.backup.enabled }}
postgres.cluster.backup.enabled is false: nobody backs up the database.
{{- end }}
{{- if lt (int $cluster.instances) 2 }}
postgres.cluster.instances is {{ $cluster.instances }}: while that one is down, nothing can be booked.
{{- else if not $cluster.synchronous }}
postgres.cluster.synchronous is empty: a failover may lose bookings that were confirmed in the last moments before it.
{{- end }}
{{- end }}
{{- with $values }}
secrets.values: passwords and keys stand in these values, and in Helm's record of the release. Use secrets.existing or secrets.external.
{{- if not (hasKey . "DATABASE_MIGRATION_URL") }}
{{- if not $cluster.enabled }}
secrets.values.DATABASE_MIGRATION_URL is missing: pods log in as the owner of the tables, whose rights they don't need.
{{- end }}
{{- end }}
{{- if not (hasKey . "REDIS_URL") }}
secrets.values.REDIS_URL is missing: each pod keeps answers and counts calls for itself.
{{- end }}
{{- end }}
{{- if eq .Values.migrations.mode "none" }}
migrations.mode is none: pods wait until you have run `innkeeper migrate` yourself, before each upgrade.
{{- end }}
{{- end }}

{{- define "innkeeper.risks.pods" -}}
{{- $scaling := include "innkeeper.scalingMode" . }}
{{- $fewest := ternary .Values.autoscaling.min .Values.web.replicas (ne $scaling "") | int }}
{{- if lt $fewest 2 }}
{{ ternary "autoscaling.min" "web.replicas" (ne $scaling "") }} is {{ $fewest }}: while that pod is moved, nobody is served.
{{- end }}
{{- if not .Values.worker.replicas }}
{{- if ne $scaling "keda" }}
worker.replicas is 0: no events, no webhooks, no clearing up.
{{- end }}
{{- end }}
{{- $edge := eq (include "innkeeper.ingressMode" .) "edge" }}
{{- if and $edge (lt (int .Values.edge.replicas) 2) }}
edge.replicas is {{ .Values.edge.replicas }}: while that pod is moved, nobody is served.
{{- end }}
{{- range $component := concat (list "web" "worker") (ternary (list "edge") list $edge) }}
{{- if not (index $.Values $component).disruptionBudget.enabled }}
{{ $component }}.disruptionBudget.enabled is false: emptying nodes may stop all its pods at once.
{{- end }}
{{- end }}
{{- if not $scaling }}
autoscaling.mode is off: beyond what {{ $fewest }} web {{ ternary "pod" "pods" (eq $fewest 1) }} can do, requests are turned away. Switching it on later begins from one pod, unless autoscaling.min says how many there are.
{{- end }}
{{- $monitoring := .Values.monitoring }}
{{- if not (and $monitoring.enabled (or $monitoring.podMonitor.enabled $monitoring.serviceMonitor.enabled)) }}
monitoring: nothing here makes Prometheus read the pods' metrics.
{{- end }}
{{- if not (and $monitoring.enabled $monitoring.rules.enabled) }}
monitoring.rules: nothing here tells anyone that something is wrong.
{{- end }}
{{- if and (eq $scaling "keda") (not (and $monitoring.enabled $monitoring.rules.enabled (or $monitoring.podMonitor.enabled $monitoring.serviceMonitor.enabled))) }}
autoscaling.mode is keda, but nothing here makes the series that it asks for: unless yours are as this chart's monitoring would make them, nothing scales.
{{- end }}
{{- if and (not .Values.image.digest) (not .Values.demo.enabled) }}
image.digest is empty: a tag can come to mean another image.
{{- end }}
{{- end }}

{{- define "innkeeper.risks.access" -}}
{{- $mode := include "innkeeper.ingressMode" . }}
{{- if and (has $mode (list "edge" "controller")) (not (include "innkeeper.tlsSecret" .)) }}
ingress.tls is empty: unless something before {{ ternary "the edge" "the controller" (eq $mode "edge") }} encrypts, keys and guests' data travel in plain text.
{{- end }}
{{- if not .Values.networkPolicy.enabled }}
networkPolicy.enabled is false: every pod of the cluster may read metrics and heaps on port 9464, and pretend to be the proxy.
{{- end }}
{{- range $name, $why := dict
  "PROFILING" "heap snapshots hold personal data and secrets, and stop a pod for seconds; whoever networkPolicy.prometheus names may take them, by default any pod of any namespace that is labelled as Prometheus"
  "WEBHOOK_ALLOW_PRIVATE" "tenants can make the workers call addresses inside the cluster"
  "PERFORMANCE_API_FOR_OWNERS" "every tenant's owner sees and does what concerns all tenants" }}
{{- if eq (toString (get $.Values.config $name)) "true" }}
config.{{ $name }} is true: {{ $why }}.
{{- end }}
{{- end }}
{{- end }}
