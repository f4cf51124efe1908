{{/* Names that Services can't have, and labels and annotations that the chart sets: twice in a map, nobody knows which one counts. */}}
{{- define "innkeeper.checks.metadata" -}}
{{- $values := .Values }}
{{- if not (regexMatch "^[a-z]" (include "innkeeper.fullname" .)) }}
The release is named {{ .Release.Name }}, but names of Services begin with a letter: set fullnameOverride.
{{- end }}
{{- $labels := include "innkeeper.labels" (dict "root" . "component" "web") | fromYaml | keys }}
{{- range $section := list "web" "worker" "migrations" "edge" }}
{{- include "innkeeper.checks.taken" (dict "of" (printf "%s.podLabels" $section) "given" (index $values $section).podLabels "taken" $labels) }}
{{- end }}
{{- range $section := list "web" "worker" "edge" }}
{{- $checksums := ternary (list "checksum/edge") (list "checksum/config" "checksum/secrets") (eq $section "edge") }}
{{- include "innkeeper.checks.taken" (dict "of" (printf "%s.podAnnotations" $section) "given" (index $values $section).podAnnotations "taken" $checksums) }}
{{- end }}
{{- if eq $values.migrations.mode "hook" }}
{{- $hook := include "innkeeper.migrations.hookAnnotations" 0 | fromYaml | keys }}
{{- include "innkeeper.checks.taken" (dict "of" "migrations.annotations" "given" $values.migrations.annotations "taken" (append $hook "helm.sh/hook-output-log-policy")) }}
{{- end }}
{{- range $section := list "podMonitor" "serviceMonitor" "rules" "dashboards" }}
{{- include "innkeeper.checks.taken" (dict "of" (printf "monitoring.%s.labels" $section) "given" (index $values.monitoring $section).labels "taken" $labels) }}
{{- end }}
{{- end }}

{{/* Takes (dict "of" VALUE "given" MAP "taken" NAMES). */}}
{{- define "innkeeper.checks.taken" -}}
{{- range $name, $_ := .given }}
{{- if has $name $.taken }}
{{ $.of }} has {{ $name }}, which the chart sets.
{{- end }}
{{- end }}
{{- end }}
