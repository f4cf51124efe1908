{{/* A pod's security context that Pod Security's "restricted" asks for. */}}
{{- define "innkeeper.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{/* The same of a container. */}}
{{- define "innkeeper.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "innkeeper.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "innkeeper.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{/* What every pod of the product has in its spec. Takes (dict "root" $ "values" SECTION), a section like .Values.web. */}}
{{- define "innkeeper.podBasics" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .root.Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- include "innkeeper.podSecurityContext" . | nindent 2 }}
volumes:
  - name: tmp
    emptyDir:
      sizeLimit: 256Mi
  {{- with .values.extraVolumes }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* What every container of the product has. Takes the same. */}}
{{- define "innkeeper.containerBasics" -}}
image: {{ include "innkeeper.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
terminationMessagePolicy: FallbackToLogsOnError
securityContext:
  {{- include "innkeeper.securityContext" . | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with .values.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Where a pod may run. Takes the section of values, like .Values.web. */}}
{{- define "innkeeper.placement" -}}
{{- with .nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Where pods of a Deployment spread. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.topologySpread" -}}
{{- $ := . }}
{{- with (index .root.Values .component).topologySpread }}
topologySpreadConstraints:
  {{- range . }}
  - topologyKey: {{ .topologyKey | quote }}
    maxSkew: {{ .maxSkew }}
    whenUnsatisfiable: {{ .whenUnsatisfiable | default "ScheduleAnyway" }}
    matchLabelKeys: [pod-template-hash]
    labelSelector:
      matchLabels:
        {{- include "innkeeper.selectorLabels" $ | nindent 8 }}
  {{- end }}
{{- end }}
{{- end }}

{{/* Labels and annotations of a Deployment's pods; a changed setting makes new pods. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.podMetadata" -}}
{{- $section := index .root.Values .component -}}
labels:
  {{- include "innkeeper.labels" . | nindent 2 }}
  {{- with $section.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
annotations:
  checksum/config: {{ include "innkeeper.config" .root | sha256sum }}
  {{- with .root.Values.secrets.values }}
  checksum/secrets: {{ toYaml . | sha256sum }}
  {{- end }}
  {{- with $section.podAnnotations }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* Environment that a Deployment's pods have of their own. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.podEnv" -}}
- name: PROCESS_NAME
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- include "innkeeper.heapEnv" . }}
{{- if eq .component "worker" }}
- name: SHUTDOWN_GRACE_MS
  value: {{ mul .root.Values.worker.drainSeconds 1000 | quote }}
- name: SEARCH_INDEX
  value: "false"
- name: CACHE_MB
  value: "0"
{{- end }}
{{- end }}
