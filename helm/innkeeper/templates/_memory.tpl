{{/*
How a pod's memory limit is shared out, in MiB, as YAML: a quarter for the search index and a sixteenth for kept answers,
which lie outside of JavaScript's heap, and a quarter for code, stacks and buffers; the heap gets the rest. `config` may
say otherwise. Only web pods search and keep answers. Takes (dict "root" $ "component" SECTION), a section like `web` or `test`.
*/}}
{{- define "innkeeper.memory" -}}
{{- $limit := include "innkeeper.memoryLimit" . | int64 }}
{{- $index := 0 }}
{{- $cache := 0 }}
{{- if eq .component "web" }}
{{- $config := .root.Values.config }}
{{- $index = div $limit 4 }}
{{- $cache = div $limit 16 }}
{{- if hasKey $config "SEARCH_INDEX_MB" }}{{ $index = include "innkeeper.settingText" $config.SEARCH_INDEX_MB | int64 }}{{ end }}
{{- if eq (toString $config.SEARCH_INDEX) "false" }}{{ $index = 0 }}{{ end }}
{{- if hasKey $config "CACHE_MB" }}{{ $cache = include "innkeeper.settingText" $config.CACHE_MB | int64 }}{{ end }}
{{- end }}
limit: {{ $limit }}
index: {{ $index }}
cache: {{ $cache }}
heap: {{ sub (div (mul $limit 3) 4) (add $index $cache) }}
{{- end }}

{{/* The limit in MiB, 0 where there is none. Takes the same. */}}
{{- define "innkeeper.memoryLimit" -}}
{{- $resources := (index .root.Values .component).resources | default dict }}
{{- with ($resources.limits | default dict).memory }}{{ include "innkeeper.mebibytes" . }}{{ else }}0{{ end }}
{{- end }}

{{/* The heap, as an entry of an env list: Node would not think of what else a container has in its memory. Takes the same. */}}
{{- define "innkeeper.heapEnv" -}}
{{- with (include "innkeeper.memory" . | fromYaml).heap | int64 }}
- name: NODE_OPTIONS
  value: --max-old-space-size={{ . }}
{{- end }}
{{- end }}
