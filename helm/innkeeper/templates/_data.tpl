{{/* The settings that lead web and worker to the chart's own data services: entries of an env list, or nothing. */}}
{{- define "innkeeper.data.env" -}}
{{- if .Values.demo.enabled }}
{{- include "innkeeper.data.demoEnv" (dict "root" . "names" (list "DATABASE_URL" "DATABASE_REPLICA_URLS" "REDIS_URL" "DATA_KEY" "AUTH_SECRET")) }}
{{- else if .Values.postgres.cluster.enabled }}
{{- $pooler := .Values.postgres.cluster.pooler.enabled }}
{{- include "innkeeper.data.clusterLogin" . }}
{{ include "innkeeper.data.clusterUrl" (dict "root" . "name" "DATABASE_URL" "service" (ternary "pooler-rw" "rw" $pooler)) }}
{{ include "innkeeper.data.clusterUrl" (dict "root" . "name" "DATABASE_REPLICA_URLS" "service" (ternary "pooler-ro" "ro" $pooler)) }}
{{- if $pooler }}
{{ include "innkeeper.data.clusterUrl" (dict "root" . "name" "DATABASE_MIGRATION_URL" "service" "rw") }}
- name: DATABASE_POOLER
  value: "true"
{{- end }}
{{- end }}
{{- end }}

{{/* The same for the migration job, which needs a direct way to the primary and nothing else. */}}
{{- define "innkeeper.data.migrationEnv" -}}
{{- if .Values.demo.enabled }}
{{- include "innkeeper.data.demoEnv" (dict "root" . "names" (list "DATABASE_URL" "DATABASE_MIGRATION_URL" "DATA_KEY" "AUTH_SECRET")) }}
{{- else if .Values.postgres.cluster.enabled }}
{{- include "innkeeper.data.clusterLogin" . }}
{{ include "innkeeper.data.clusterUrl" (dict "root" . "name" "DATABASE_URL" "service" "rw") }}
{{ include "innkeeper.data.clusterUrl" (dict "root" . "name" "DATABASE_MIGRATION_URL" "service" "rw") }}
{{- end }}
{{- end }}

{{/* The CloudNativePG Cluster's name, from which its Services and its Secret have theirs. */}}
{{- define "innkeeper.data.cluster" -}}
{{ include "innkeeper.fullname" . }}-postgres
{{- end }}

{{/* Login and password from the Secret that CloudNativePG makes, for the URLs after them to be composed of. */}}
{{- define "innkeeper.data.clusterLogin" -}}
{{- $secret := printf "%s-app" (include "innkeeper.data.cluster" .) -}}
- name: POSTGRES_USER
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: username
- name: POSTGRES_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: password
{{- end }}

{{/* One setting with a URL. Takes (dict "root" $ "name" SETTING "service" SUFFIX). */}}
{{- define "innkeeper.data.clusterUrl" -}}
{{- $options := .root.Values.postgres.cluster.urlOptions -}}
- name: {{ .name }}
  value: {{ printf "postgres://$(POSTGRES_USER):$(POSTGRES_PASSWORD)@%s-%s:5432/innkeeper%s" (include "innkeeper.data.cluster" .root) .service
    (ternary (printf "?%s" $options) "" (ne $options "")) | quote }}
{{- end }}

{{/* Settings from the demo's Secret. Takes (dict "root" $ "names" LIST). */}}
{{- define "innkeeper.data.demoEnv" -}}
{{- $secret := include "innkeeper.demo.name" .root }}
{{- range $index, $name := .names }}
{{- if $index }}{{ "\n" }}{{ end -}}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret }}
      key: {{ $name }}
{{- end }}
{{- end }}

{{/* Where backups go: an ObjectStore of the Barman Cloud plugin. */}}
{{- define "innkeeper.data.objectStore" -}}
{{ default (include "innkeeper.data.cluster" .) .Values.postgres.cluster.backup.objectStore.existing }}
{{- end }}

{{/* A volume of the Cluster. Takes its values. */}}
{{- define "innkeeper.data.storage" -}}
size: {{ .size | quote }}
{{- with .storageClass }}
storageClass: {{ . | quote }}
{{- end }}
{{- end }}

{{/* What PostgreSQL keeps of its connections for superusers. */}}
{{- define "innkeeper.data.superuserConnections" -}}
3
{{- end }}
