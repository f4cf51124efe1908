{{/* Shorter than others: pods carry a StatefulSet's name and eleven characters in a label, which has room for 63. */}}
{{- define "innkeeper.demo.name" -}}
{{ include "innkeeper.nameWithin" (dict "root" . "length" 30) }}-demo
{{- end }}

{{/*
A password that is the same each time, so that `template` and `install` agree: whoever knows the release's name knows it.
Takes (dict "root" $ "for" WORD).
*/}}
{{- define "innkeeper.demo.password" -}}
{{ printf "innkeeper demo %s/%s %s" .root.Release.Namespace .root.Release.Name .for | sha256sum }}
{{- end }}

{{/* What the demo's PostgreSQL pods are found by. Takes (dict "root" $ "role" "primary" or "standby"). */}}
{{- define "innkeeper.demo.postgresSelector" -}}
{{ include "innkeeper.selectorLabels" (dict "root" .root "component" "postgres") }}
innkeeper.dev/role: {{ .role }}
{{- end }}

{{/* Takes (dict "root" $ "role" ROLE). */}}
{{- define "innkeeper.demo.postgresName" -}}
{{ include "innkeeper.demo.name" .root }}-postgres{{ if eq .role "standby" }}-standby{{ end }}
{{- end }}

{{/* What both containers of a PostgreSQL pod have. Takes the values of `demo`. */}}
{{- define "innkeeper.demo.postgresContainer" -}}
image: {{ .postgres.image }}
imagePullPolicy: IfNotPresent
securityContext:
  {{- include "innkeeper.demo.containerSecurity" . | nindent 2 }}
{{- with .postgres.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  - name: scripts
    mountPath: /scripts
    readOnly: true
  - name: secrets
    mountPath: /secrets
    readOnly: true
  - name: data
    mountPath: /data
  - name: tmp
    mountPath: /tmp
{{- end }}

{{/* Takes the user's number. */}}
{{- define "innkeeper.demo.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ int64 . }}
runAsGroup: {{ int64 . }}
fsGroup: {{ int64 . }}
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "innkeeper.demo.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
