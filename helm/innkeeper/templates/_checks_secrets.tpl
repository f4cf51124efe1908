{{- define "innkeeper.checks.secrets" -}}
{{- $secrets := .Values.secrets }}
{{- $given := include "innkeeper.secretSources" . | splitList " " | compact }}
{{- if gt (len $given) 1 }}
secrets.{{ join " and secrets." $given }} are given: leave one of them.
{{- end }}
{{- if and $secrets.external.store (not $secrets.external.key) }}
secrets.external.store is {{ $secrets.external.store }}, but secrets.external.key does not say which entry of it to read.
{{- end }}
{{- if and $secrets.external.key (not $secrets.external.store) }}
secrets.external.key is {{ $secrets.external.key }}, but secrets.external.store does not say in which store.
{{- end }}
{{- if and .Values.demo.enabled $given }}
demo.enabled brings its own addresses and keys: leave secrets.{{ first $given }} empty.
{{- else if .Values.postgres.cluster.enabled }}
{{- range $name := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "DATABASE_MIGRATION_URL" }}
{{- if hasKey $secrets.values $name }}
secrets.values.{{ $name }} is given, but postgres.cluster.enabled brings the database: leave one of them.
{{- end }}
{{- end }}
{{- end }}
{{- include "innkeeper.checks.schemes" $secrets.values }}
{{- range $name := list "DATA_KEY" "AUTH_SECRET" }}
{{- $value := get $secrets.values $name }}
{{- if hasKey $secrets.values $name }}
{{- if lt (len $value) 32 }}
secrets.values.{{ $name }} has {{ len $value }} characters: 32 random ones or more are needed, as of `openssl rand -base64 36`.
{{- else if eq (len (splitList "" $value | uniq)) 1 }}
secrets.values.{{ $name }} is one character over and over: 32 random ones or more are needed, as of `openssl rand -base64 36`.
{{- end }}
{{- else if and $secrets.values (not $.Values.demo.enabled) }}
secrets.values has no {{ $name }}: 32 random characters or more are needed, as of `openssl rand -base64 36`.
{{- end }}
{{- end }}
{{- if not (or $given .Values.demo.enabled) }}
{{- if .Values.postgres.cluster.enabled }}
DATA_KEY and AUTH_SECRET are nowhere: set secrets.existing, secrets.values or secrets.external.
{{- else }}
There is no database: set secrets.existing, secrets.values.DATABASE_URL or secrets.external to where yours is, postgres.cluster.enabled for a CloudNativePG Cluster, or demo.enabled to try it out.
{{- end }}
{{- end }}
{{- if and $secrets.values (not (hasKey $secrets.values "DATABASE_URL")) (not (include "innkeeper.ownDatabase" .)) }}
secrets.values has no DATABASE_URL: set it to where the database is, like postgres://user:password@host:5432/database.
{{- end }}
{{- if and .Values.database.pooler $secrets.values (not (hasKey $secrets.values "DATABASE_MIGRATION_URL")) }}
database.pooler is true, but secrets.values has no DATABASE_MIGRATION_URL: migrations and background work need a way past the pooler.
{{- end }}
{{- end }}

{{/* Addresses of something else. The schema would print them, with their passwords. Takes the secrets by name. */}}
{{- define "innkeeper.checks.schemes" -}}
{{- range $name := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "DATABASE_MIGRATION_URL" }}
{{- if and (hasKey $ $name) (not (regexMatch "^postgres(ql)?://." (get $ $name))) }}
secrets.values.{{ $name }} does not begin with postgres://, as addresses of PostgreSQL do.
{{- end }}
{{- end }}
{{- if and (hasKey . "REDIS_URL") (not (regexMatch "^rediss?(\\+sentinel)?://." (get . "REDIS_URL"))) }}
secrets.values.REDIS_URL does not begin with redis://, rediss://, redis+sentinel:// or rediss+sentinel://.
{{- end }}
{{- end }}
