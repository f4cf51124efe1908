{{/* A Deployment of the product. Takes (dict "root" $ "component" "web" or "worker" "scaled" TEXT), `scaled` empty where nothing else sets the replicas. */}}
{{- define "innkeeper.deployment" -}}
{{- $values := index .root.Values .component }}
{{- $basics := dict "root" .root "values" $values }}
{{- $web := eq .component "web" -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "innkeeper.fullname" .root }}-{{ .component }}
  labels:
    {{- include "innkeeper.labels" . | nindent 4 }}
spec:
  {{- if not .scaled }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  # Until the pod before has drained: then no more than one starts and one stops at a time, as the connections are counted.
  minReadySeconds: {{ $values.drainSeconds }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  selector:
    matchLabels:
      {{- include "innkeeper.selectorLabels" . | nindent 6 }}
  template:
    metadata:
      {{- include "innkeeper.podMetadata" . | nindent 6 }}
    spec:
      serviceAccountName: {{ include "innkeeper.serviceAccountName" .root | quote }}
      terminationGracePeriodSeconds: {{ include "innkeeper.graceSeconds" . }}
      {{- include "innkeeper.podBasics" $basics | nindent 6 }}
      {{- with include "innkeeper.placement" $values | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      {{- with include "innkeeper.topologySpread" . | trim }}
      {{- . | nindent 6 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          {{- include "innkeeper.containerBasics" $basics | nindent 10 }}
          args: [{{ ternary "serve" "worker" $web }}]
          ports:
            {{- if $web }}
            - name: http
              containerPort: 3000
            {{- end }}
            - name: admin
              containerPort: 9464
          envFrom:
            - configMapRef:
                name: {{ include "innkeeper.fullname" .root }}-config
          env:
            {{- include "innkeeper.podEnv" . | nindent 12 }}
            {{- include "innkeeper.env" .root | nindent 12 }}
            {{- with $values.extraEnv }}
            {{- toYaml . | nindent 12 }}
            {{- end }}
          {{- include "innkeeper.probes" (dict "serves" (ternary "http" "admin" $web) "startupSeconds" $values.startupSeconds) | nindent 10 }}
          resources:
            {{- toYaml $values.resources | nindent 12 }}
{{- end }}

{{/*
/livez asks no database, so a database that fails restarts nobody, and is asked where clients can't take all connections, so a pod
that is full is not restarted. A pod that migrations keep waiting is alive and not ready. Takes (dict "serves" PORT "startupSeconds"
SECONDS).
*/}}
{{- define "innkeeper.probes" -}}
startupProbe:
  httpGet:
    path: /livez
    port: admin
  periodSeconds: 1
  timeoutSeconds: 2
  failureThreshold: {{ .startupSeconds }}
livenessProbe:
  httpGet:
    path: /livez
    port: admin
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
readinessProbe:
  httpGet:
    path: /readyz
    port: {{ .serves }}
  periodSeconds: 2
  timeoutSeconds: 5
  failureThreshold: 3
{{- end }}

{{/* A PodDisruptionBudget; pods that are not ready may always go. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.podDisruptionBudget" -}}
{{- $budget := (index .root.Values .component).disruptionBudget -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "innkeeper.fullname" .root }}-{{ .component }}
  labels:
    {{- include "innkeeper.labels" . | nindent 4 }}
spec:
  maxUnavailable: {{ $budget.maxUnavailable }}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "innkeeper.selectorLabels" . | nindent 6 }}
{{- end }}
