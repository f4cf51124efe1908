{{/*
A ScaledObject. Takes (dict "root" $ "component" NAME "min" N "max" N "triggers" LIST), a trigger being a mapping of query, target
and type. Without data KEDA answers an error, upon which Kubernetes takes no pod away: no value is to be made up instead, so there
is no `fallback`, and an empty answer is none.
*/}}
{{- define "innkeeper.scaledObject" -}}
{{- $scaling := .root.Values.autoscaling }}
{{- $name := printf "%s-%s" (include "innkeeper.fullname" .root) .component }}
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: {{ $name }}
  labels:
    {{- include "innkeeper.labels" . | nindent 4 }}
  {{- with $scaling.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  scaleTargetRef:
    name: {{ $name }}
  minReplicaCount: {{ .min | int }}
  maxReplicaCount: {{ .max | int }}
  {{- with $scaling.pollingInterval }}
  pollingInterval: {{ . | int }}
  {{- end }}
  advanced:
    horizontalPodAutoscalerConfig:
      name: {{ $name }}
      behavior:
        {{- include "innkeeper.scalingBehavior" .root | trim | nindent 8 }}
  triggers:
    {{- range .triggers }}
    - type: prometheus
      name: {{ .name }}
      metricType: {{ .type }}
      metadata:
        {{- include "innkeeper.prometheusTrigger" (dict "prometheus" $scaling.prometheus "trigger" .) | nindent 8 }}
      {{- with include "innkeeper.triggerAuthentication" $.root }}
      authenticationRef:
        {{- . | nindent 8 }}
      {{- end }}
    {{- end }}
{{- end }}

{{- define "innkeeper.prometheusTrigger" -}}
serverAddress: {{ .prometheus.address | quote }}
query: >-
  {{ .trigger.query }}
threshold: {{ .trigger.target | toString | quote }}
ignoreNullValues: 'false'
{{- with .prometheus.authentication.modes }}
authModes: {{ join "," . }}
{{- end }}
{{- with .prometheus.headers }}
{{- $headers := list }}
{{- range $header, $value := . }}
{{- $headers = append $headers (printf "%s=%s" $header $value) }}
{{- end }}
customHeaders: {{ join "," $headers | quote }}
{{- end }}
{{- end }}

{{/* With what KEDA proves who asks; nothing where nobody wants to know. */}}
{{- define "innkeeper.triggerAuthentication" -}}
{{- $authentication := .Values.autoscaling.prometheus.authentication }}
{{- if $authentication.existing -}}
name: {{ $authentication.existing | quote }}
kind: {{ $authentication.existingKind }}
{{- else if $authentication.secret -}}
name: {{ include "innkeeper.fullname" . }}-prometheus
{{- end }}
{{- end }}
