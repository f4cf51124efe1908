{{/*
One env list of several, in their order: the first of a name counts. Takes (list YAML YAML ...), each an env list or nothing.
*/}}
{{- define "innkeeper.joinedEnv" -}}
{{- $names := dict }}
{{- $entries := list }}
{{- range . }}
{{- range . | fromYamlArray }}
{{- if not (hasKey $names .name) }}
{{- $_ := set $names .name true }}
{{- $entries = append $entries . }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml $entries }}
{{- end }}

{{/* Secrets of web and worker: from the chart's own data services where they tell, else from the Secret. */}}
{{- define "innkeeper.env" -}}
{{- $names := list "DATABASE_URL" "DATABASE_REPLICA_URLS" "REDIS_URL" "DATA_KEY" "AUTH_SECRET" }}
{{- if include "innkeeper.pooled" . }}{{ $names = append $names "DATABASE_MIGRATION_URL" }}{{ end }}
{{- $own := include "innkeeper.data.env" . }}
{{- $secret := include "innkeeper.secretName" . }}
{{- $fromSecret := "" }}
{{- if $secret }}{{ $fromSecret = include "innkeeper.secretEnv" (dict "root" . "secret" $secret "names" $names) }}{{ end }}
{{- include "innkeeper.joinedEnv" (list $own $fromSecret) }}
{{- end }}

{{/*
All that migrations need, in values and from one Secret, so that a hook which runs before an upgrade has what the upgrade
will bring. Takes root.
*/}}
{{- define "innkeeper.migrationEnv" -}}
{{- include "innkeeper.migrationEnvFrom" (dict "root" . "secret" (include "innkeeper.secretName" .)) }}
{{- end }}

{{/* The same with the Secret named. Takes (dict "root" $ "secret" NAME). */}}
{{- define "innkeeper.migrationEnvFrom" -}}
{{- $names := list "DATABASE_URL" "DATABASE_MIGRATION_URL" "DATA_KEY" "AUTH_SECRET" }}
{{- $fromSecret := "" }}
{{- if .secret }}{{ $fromSecret = include "innkeeper.secretEnv" (dict "root" .root "secret" .secret "names" $names) }}{{ end }}
{{- $settings := list }}
{{- range $name, $value := include "innkeeper.config" .root | fromYaml }}
{{- $settings = append $settings (dict "name" $name "value" $value) }}
{{- end }}
{{- include "innkeeper.joinedEnv" (list (include "innkeeper.data.migrationEnv" .root) $fromSecret (toYaml $settings)) }}
{{- end }}

{{/* The same for `helm test`, which need not own the tables: without that login, unless settings ask for a way past a pooler. */}}
{{- define "innkeeper.testEnv" -}}
{{- $entries := list }}
{{- range include "innkeeper.migrationEnv" . | fromYamlArray }}
{{- if or (ne .name "DATABASE_MIGRATION_URL") (include "innkeeper.pooled" $) }}{{ $entries = append $entries . }}{{ end }}
{{- end }}
{{- toYaml $entries }}
{{- end }}
