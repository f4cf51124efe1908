{{/* The label `job` of what is scraped from a component's pods. Takes (dict "root" $ "component" NAME). */}}
{{- define "innkeeper.scrapeJob" -}}
{{- printf "%s-%s" (include "innkeeper.fullname" .root) .component }}
{{- end }}

{{/* How a monitor scrapes the port. Takes (dict "root" $ "from" LABEL): where Prometheus has the component from. */}}
{{- define "innkeeper.scrape" -}}
port: admin
path: /metrics
interval: {{ .root.Values.monitoring.intervalSeconds | int }}s
scrapeTimeout: {{ min (.root.Values.monitoring.intervalSeconds | int) 10 }}s
relabelings:
  # What is recorded for autoscalers keeps jobs apart: web from workers, and releases from each other.
  - sourceLabels: [{{ .from }}]
    targetLabel: job
    replacement: {{ include "innkeeper.fullname" .root }}-$1
{{- end }}

{{/* A threshold as PromQL and people have it. */}}
{{- define "innkeeper.withThresholds" -}}
{{- $text := .text }}
{{- range $name, $value := .thresholds }}
{{- $text = $text | replace (printf "${%s}" $name) (toString $value) | replace (printf "${%s:percent}" $name) (mulf $value 100 | toString) }}
{{- end }}
{{- $text }}
{{- end }}

{{/* The groups of files/rules with the values in them and without what is switched off, as a mapping. */}}
{{- define "innkeeper.rules" -}}
{{- $rules := .Values.monitoring.rules }}
{{- $groups := list }}
{{- range $path, $_ := .Files.Glob "files/rules/*.yaml" }}
{{- $file := include "innkeeper.withThresholds" (dict "text" ($.Files.Get $path) "thresholds" $rules.thresholds) | fromYaml }}
{{- range $group := $file.groups }}
{{- $kept := list }}
{{- range $rule := $group.rules }}
{{- if not (has (get $rule "alert") $rules.disabled) }}
{{- if hasKey $rule "alert" }}
{{- $_ := set $rule "labels" (merge $rule.labels $rules.alertLabels) }}
{{- $_ := set $rule.annotations "runbook_url" ($rule.annotations.runbook_url | replace "${runbooks}" $rules.runbookUrl) }}
{{- $_ := set $rule.annotations "dashboard_url" ($rule.annotations.dashboard_url | replace "${dashboards}" $rules.dashboardUrl) }}
{{- end }}
{{- $kept = append $kept $rule }}
{{- end }}
{{- end }}
{{- if $kept }}
{{- $groups = append $groups (set $group "rules" $kept) }}
{{- end }}
{{- end }}
{{- end }}
{{- dict "groups" $groups | toYaml }}
{{- end }}
