{{/* Whole MiB of a quantity of memory as Kubernetes writes it. Takes the quantity. */}}
{{- define "innkeeper.mebibytes" -}}
{{- $text := ternary (printf "%d" (int64 .)) (toString .) (kindIs "float64" .) }}
{{- $number := regexFind "^[0-9.]+" $text }}
{{- $units := dict "" 1 "m" 0.001 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "Ki" 1024 "Mi" 1048576 "Gi" 1073741824 "Ti" 1099511627776 }}
{{- $unit := get $units (trimPrefix $number $text) | default 1 }}
{{- divf (mulf (float64 $number) $unit) 1048576 | floor | int64 }}
{{- end }}

{{/* A setting's value as text: large numbers come from values files as 1e+06. Takes the value. */}}
{{- define "innkeeper.settingText" -}}
{{- if and (kindIs "float64" .) (eq (toString (floor .)) (toString .)) }}{{ printf "%d" (int64 .) }}{{ else }}{{ toString . }}{{ end }}
{{- end }}
