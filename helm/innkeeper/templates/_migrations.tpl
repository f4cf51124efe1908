{{/*
How the Job runs: `job`, an ordinary one; `hook`, before an upgrade; nothing where there is none. What renders templates
without knowing a release, like `helm template`, counts as an install.
*/}}
{{- define "innkeeper.migrations.kind" -}}
{{- $mode := .Values.migrations.mode }}
{{- if eq $mode "job" }}job{{ else if eq $mode "hook" }}{{ ternary "job" "hook" .Release.IsInstall }}{{ end }}
{{- end }}

{{- define "innkeeper.migrations.name" -}}
{{ include "innkeeper.fullname" . }}-migrate
{{- end }}

{{/* The hook's objects are its own: those of the release still are what they were before the upgrade. */}}
{{- define "innkeeper.migrations.hookName" -}}
{{ include "innkeeper.migrations.name" . }}-upgrade
{{- end }}

{{/* Annotations of what the hook needs, and of the hook; Helm shows the log of one that failed. Takes the weight. */}}
{{- define "innkeeper.migrations.hookAnnotations" -}}
helm.sh/hook: pre-upgrade
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}

{{/* What the Job runs. Takes (dict "root" $ "account" NAME "secret" NAME), each empty where there is none. */}}
{{- define "innkeeper.migrations.spec" -}}
{{- $migrations := .root.Values.migrations }}
{{- $basics := dict "root" .root "values" $migrations -}}
backoffLimit: {{ $migrations.backoffLimit }}
activeDeadlineSeconds: {{ $migrations.activeDeadlineSeconds }}
# Being evicted is no failure.
podFailurePolicy:
  rules:
    - action: Ignore
      onPodConditions:
        - type: DisruptionTarget
template:
  metadata:
    labels:
      {{- include "innkeeper.labels" (dict "root" .root "component" "migrate") | nindent 6 }}
      {{- with $migrations.podLabels }}
      {{- toYaml . | nindent 6 }}
      {{- end }}
    {{- with $migrations.podAnnotations }}
    annotations:
      {{- toYaml . | nindent 6 }}
    {{- end }}
  spec:
    restartPolicy: Never
    serviceAccountName: {{ .account | quote }}
    {{- include "innkeeper.podBasics" $basics | nindent 4 }}
    {{- with include "innkeeper.placement" $migrations | trim }}
    {{- . | nindent 4 }}
    {{- end }}
    containers:
      - name: migrate
        {{- include "innkeeper.containerBasics" $basics | nindent 8 }}
        args: [migrate, up, --wait, {{ $migrations.waitSeconds | quote }}]
        env:
          {{- include "innkeeper.migrationEnvFrom" (dict "root" .root "secret" .secret) | nindent 10 }}
          {{- with include "innkeeper.heapEnv" (dict "root" .root "component" "migrations") | trim }}
          {{- . | nindent 10 }}
          {{- end }}
          {{- with $migrations.extraEnv }}
          {{- toYaml . | nindent 10 }}
          {{- end }}
        resources:
          {{- toYaml $migrations.resources | nindent 10 }}
{{- end }}
