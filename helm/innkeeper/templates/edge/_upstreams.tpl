{{/* The web pods, once for calls and once for streams: a stream lasts for hours and says nothing about how busy a pod is. */}}
{{- define "innkeeper.edge.upstreams" -}}
{{- $edge := .Values.edge }}
{{- $server := printf "%s-pods.%s.svc.%s:3000 resolve max_fails=5 fail_timeout=5s" (include "innkeeper.fullname" .) .Release.Namespace $edge.clusterDomain -}}
include {{ ternary "resolver.conf" "/run/edge/resolver.conf" (not (empty $edge.resolver)) }};
resolver_timeout 5s;

upstream calls {
  zone calls 256k;
  least_conn;
  # More at a time would only wait in the pod; and a pod that is new would get all there is.
  server {{ $server }} max_conns={{ $edge.maxConnectionsPerPod }};
  keepalive 32;
  # Less than the servers', so that nginx is the one to close.
  keepalive_timeout {{ include "innkeeper.upstreamKeepAliveSeconds" . }}s;
}

upstream streams {
  zone streams 256k;
  least_conn;
  server {{ $server }};
}

# nginx never sends a POST or PATCH again that a server may have got; PUT and DELETE it would.
map "$request_method $http_accept" $edge_way {
  default call;
  "~^GET .*text/event-stream" stream;
  "~^(PUT|DELETE) " once;
}
{{- end }}
