{{/* What nginx itself answers, in the server's words and form. */}}
{{- define "innkeeper.edge.refusals" -}}
{{- $refusals := list
  (dict "on" "400" "status" 400 "code" "MALFORMED_REQUEST" "retryable" false "message" "The request is not valid HTTP.")
  (dict "on" "404" "status" 404 "code" "NO_SUCH_PATH" "retryable" false "message" "Nothing is there. The API is described at /docs.")
  (dict "on" "413" "status" 413 "code" "PAYLOAD_TOO_LARGE" "retryable" false "message" "The body is larger than 256 kB. Send less at once.")
  (dict "on" "414 494" "status" 431 "code" "HEAD_TOO_LARGE" "retryable" false "message" "The URL or a header is too long. Queries may come as POST.")
  (dict "on" "502" "status" 502 "code" "NO_SERVER" "retryable" true "message" "No server answered. Try again in a moment.")
  (dict "on" "504" "status" 504 "code" "SERVER_TOO_SLOW" "retryable" true "message" "No server answered in time. Try again in a moment.") }}
{{- range $refusals }}
{{- $uri := printf "/.refusals/%s" (.code | lower | replace "_" "-") }}
error_page {{ .on }} ={{ .status }} {{ $uri }};
location = {{ $uri }} {
  internal;
  add_header X-Request-Id $edge_request_id always;
  {{- if ge .status 500 }}
  add_header Retry-After 1 always;
  {{- end }}
  return {{ .status }} '{"error":{"code":{{ .code | quote }},"message":{{ .message | quote }},"retryable":{{ .retryable }},"requestId":"$edge_request_id"}}';
}
{{- end }}
{{- end }}
