{{- define "innkeeper.checks.volumes" -}}
{{- $root := . }}
{{- range $section := list "web" "worker" "migrations" }}
{{- $values := index $root.Values $section }}
{{- $volumes := dict "tmp" true }}
{{- range $values.extraVolumes }}
{{- if eq .name "tmp" }}
{{ $section }}.extraVolumes has tmp, which the chart sets.
{{- else if hasKey $volumes .name }}
{{ $section }}.extraVolumes has {{ .name }} twice.
{{- end }}
{{- $_ := set $volumes .name true }}
{{- end }}
{{- $paths := dict }}
{{- range $values.extraVolumeMounts }}
{{- $path := clean .mountPath }}
{{- if not (hasKey $volumes .name) }}
{{ $section }}.extraVolumeMounts has {{ .name }}, which {{ $section }}.extraVolumes has not.
{{- end }}
{{- if eq $path "/tmp" }}
{{ $section }}.extraVolumeMounts mounts at /tmp, where the chart does.
{{- else if hasKey $paths $path }}
{{ $section }}.extraVolumeMounts mounts at {{ $path }} twice.
{{- end }}
{{- $_ := set $paths $path true }}
{{- end }}
{{- end }}
{{- end }}
