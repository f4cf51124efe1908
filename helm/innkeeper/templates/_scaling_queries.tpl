{{/*
What autoscalers ask Prometheus for. Each answers one number or, where the pods are not seen, nothing. An autoscaler takes the
highest of what its metrics want, so the brake is in each of those that a slow database makes grow: a metric of its own could hold
nothing back. All take the root.
*/}}

{{/* Seconds, of type Value: pods x this / target. At most twice the target; with the brake on the target, so pods stay as many. */}}
{{- define "innkeeper.latencyQuery" -}}
{{- $web := include "innkeeper.seriesOf" (dict "root" . "component" "web") }}
{{- $target := toString .Values.autoscaling.latency.target }}
{{- $latency := printf "clamp_max(innkeeper:web_latency:p95%s, 2 * %s)" $web $target }}
{{- $slow := printf "innkeeper:database_slow%s == 1" $web }}
{{- if .Values.autoscaling.brake -}}
max(({{ $latency }} unless {{ $slow }}) or {{ $target }} * ({{ $slow }}))
{{- else -}}
max({{ $latency }})
{{- end }}
{{- end }}

{{/* Calls of all pods, of type AverageValue. With the brake on none: what holds the pods is the latency. */}}
{{- define "innkeeper.inFlightQuery" -}}
{{- $web := include "innkeeper.seriesOf" (dict "root" . "component" "web") }}
{{- if .Values.autoscaling.brake -}}
max(innkeeper:web_in_flight{{ $web }} * (1 - innkeeper:database_slow{{ $web }}))
{{- else -}}
max(innkeeper:web_in_flight{{ $web }})
{{- end }}
{{- end }}

{{/* Event loops' worth of work, of type AverageValue. A slow database leaves them idle, so there is nothing to brake. */}}
{{- define "innkeeper.eventLoopQuery" -}}
max(innkeeper:web_event_loop{{ include "innkeeper.seriesOf" (dict "root" . "component" "web") }})
{{- end }}

{{/* Seconds that the oldest work waits, of type Value and braked like the latency. */}}
{{- define "innkeeper.queueAgeQuery" -}}
{{- $target := toString .Values.autoscaling.worker.queueAge.target }}
{{- $workers := include "innkeeper.seriesOf" (dict "root" . "component" "worker") }}
{{- $age := printf "clamp_max(max(innkeeper:worker_queue_age%s), 2 * %s)" $workers $target }}
{{- $web := include "innkeeper.seriesOf" (dict "root" . "component" "web") }}
{{- $slow := printf "max(innkeeper:database_slow%s) == 1" $web }}
{{- if .Values.autoscaling.brake -}}
({{ $age }} unless {{ $slow }}) or {{ $target }} * ({{ $slow }})
{{- else -}}
{{ $age }}
{{- end }}
{{- end }}
