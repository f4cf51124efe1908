{{/* Which of `existing`, `values` and `external` are given, separated by blanks. */}}
{{- define "innkeeper.secretSources" -}}
{{- $secrets := .Values.secrets }}
{{- $given := list }}
{{- if $secrets.existing }}{{ $given = append $given "existing" }}{{ end }}
{{- if $secrets.values }}{{ $given = append $given "values" }}{{ end }}
{{- if $secrets.external.store }}{{ $given = append $given "external" }}{{ end }}
{{- join " " $given }}
{{- end }}

{{/* Name of the Secret that pods read; nothing where there is none. */}}
{{- define "innkeeper.secretName" -}}
{{- if .Values.secrets.existing }}
{{- .Values.secrets.existing }}
{{- else if include "innkeeper.secretSources" . }}
{{- include "innkeeper.fullname" . }}-secrets
{{- end }}
{{- end }}

{{/* True where the chart's own PostgreSQL says where the database is. */}}
{{- define "innkeeper.ownDatabase" -}}
{{- if or .Values.demo.enabled .Values.postgres.cluster.enabled }}true{{ end }}
{{- end }}

{{/* True where requests go through a pooler, so that background work needs a direct way. */}}
{{- define "innkeeper.pooled" -}}
{{- if or .Values.database.pooler (dig "cluster" "pooler" "enabled" false .Values.postgres) }}true{{ end }}
{{- end }}

{{/*
Entries of an env list that read settings from the Secret: the needed ones must be in it, the others may. Takes (dict "root" $
"secret" NAME "names" LIST).
*/}}
{{- define "innkeeper.secretEnv" -}}
{{- $needed := list "DATABASE_URL" "DATA_KEY" "AUTH_SECRET" }}
{{- $values := .root.Values.secrets.values }}
{{- range .names }}
{{- if or (not $values) (hasKey $values .) }}
- name: {{ . }}
  valueFrom:
    secretKeyRef:
      name: {{ $.secret | quote }}
      key: {{ . }}
      {{- if not (has . $needed) }}
      optional: true
      {{- end }}
{{- end }}
{{- end }}
{{- end }}
