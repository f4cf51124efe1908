{{/* A ServiceAccount without a token. Takes (dict "root" $ "component" NAME "name" NAME "annotations" MAP). */}}
{{- define "innkeeper.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ .name | quote }}
  labels:
    {{- include "innkeeper.labels" . | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
automountServiceAccountToken: false
{{- end }}

{{/*
The Secret with the settings that pods read, or the ExternalSecret that makes it; nothing where it is there already. Takes
(dict "root" $ "component" NAME "name" NAME "annotations" MAP).
*/}}
{{- define "innkeeper.secret" -}}
{{- $secrets := .root.Values.secrets }}
{{- if $secrets.values -}}
apiVersion: v1
kind: Secret
type: Opaque
metadata:
  {{- include "innkeeper.secretMetadata" . | nindent 2 }}
stringData:
  {{- range $name, $value := $secrets.values }}
  {{ $name }}: {{ $value | quote }}
  {{- end }}
{{- else if $secrets.external.store -}}
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  {{- include "innkeeper.secretMetadata" . | nindent 2 }}
spec:
  refreshInterval: {{ $secrets.external.refreshInterval | quote }}
  secretStoreRef:
    name: {{ $secrets.external.store | quote }}
    kind: {{ $secrets.external.storeKind }}
  target:
    name: {{ .name }}
    creationPolicy: Owner
  dataFrom:
    - extract:
        key: {{ $secrets.external.key | quote }}
{{- end }}
{{- end }}

{{- define "innkeeper.secretMetadata" -}}
name: {{ .name }}
labels:
  {{- include "innkeeper.labels" . | nindent 2 }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
