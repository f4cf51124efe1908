{{/* Seconds after the drain in which running requests may end: the longest deadline, and a statement that was begun just before it. */}}
{{- define "innkeeper.requestSeconds" -}}
{{- $longestMs := include "innkeeper.settingText" (.Values.config.MAX_DEADLINE_MS | default 120000) | int64 }}
{{- add (div (add $longestMs 999) 1000) 5 }}
{{- end }}

{{/* Seconds that a pod needs to stop: its drain, what it has begun, and ten for closing connections. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.stopSeconds" -}}
{{- $drain := (index .root.Values .component).drainSeconds | int64 }}
{{- if eq .component "web" }}{{ add $drain (include "innkeeper.requestSeconds" .root) 10 }}{{ else }}{{ add $drain 10 }}{{ end }}
{{- end }}

{{/* What it gets. Takes the same. */}}
{{- define "innkeeper.graceSeconds" -}}
{{- $given := (index .root.Values .component).terminationGracePeriodSeconds }}
{{- if kindIs "invalid" $given }}{{ include "innkeeper.stopSeconds" . }}{{ else }}{{ int64 $given }}{{ end }}
{{- end }}
