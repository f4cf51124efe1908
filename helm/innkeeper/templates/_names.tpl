{{- define "innkeeper.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{/* What names of objects begin with. 40 characters leave room for what is appended. */}}
{{- define "innkeeper.fullname" -}}
{{- include "innkeeper.nameWithin" (dict "root" . "length" 40) }}
{{- end }}

{{/*
Always holds `innkeeper`, whatever is cut off and whatever an umbrella chart calls this one: alert rules know the objects by it.
Services may have no dots in their names, releases may. Takes (dict "root" $ "length" CHARACTERS).
*/}}
{{- define "innkeeper.nameWithin" -}}
{{- $given := default .root.Release.Name .root.Values.fullnameOverride | replace "." "-" }}
{{- $cut := $given | trunc .length | trimSuffix "-" }}
{{- if contains "innkeeper" $cut }}
{{- $cut }}
{{- else }}
{{- printf "%s-innkeeper" ($given | trunc (sub .length 10 | int) | trimSuffix "-") }}
{{- end }}
{{- end }}

{{/* What a component's pods are found by. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.selectorLabels" -}}
app.kubernetes.io/name: {{ include "innkeeper.name" .root | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.labels" -}}
{{ include "innkeeper.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: innkeeper
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}
