{{/* Everything but where requests go. */}}
{{- define "innkeeper.edge.main" -}}
{{- $edge := .Values.edge }}
{{- $ipv6 := or $edge.ipv6 .Values.ipv6 -}}
worker_processes {{ $edge.workers }};
worker_rlimit_nofile 16384;
# For requests that run when a pod stops: as long as the longest may take, and what is left of streams.
worker_shutdown_timeout {{ include "innkeeper.requestSeconds" . }}s;
pid /run/edge/nginx.pid;
{{- if ne $edge.errorLog "alert" }}
# From `error` on, lines hold addresses and query strings.
{{- end }}
error_log stderr {{ $edge.errorLog }};

events {
  worker_connections 8192;
}

http {
  client_body_temp_path /run/edge/body;
  proxy_temp_path /run/edge/proxy;
  fastcgi_temp_path /run/edge/fastcgi;
  uwsgi_temp_path /run/edge/uwsgi;
  scgi_temp_path /run/edge/scgi;

  server_tokens off;
  default_type application/json;
  tcp_nopush on;

  # The same ids as the server takes from clients.
  map $http_x_request_id $edge_request_id {
    default $request_id;
    "~^[\w.:-]{8,64}$" $http_x_request_id;
  }
  # Query strings can say who asks, and for what.
  map $request_uri $edge_path {
    "~^(?<without_query>[^?]*)" $without_query;
  }
  log_format edge escape=json
    '{"time":"$time_iso8601","requestId":"$edge_request_id","method":"$request_method","path":"$edge_path",'
    '"status":$status,"seconds":$request_time,"bytes":$bytes_sent,"protocol":"$server_protocol",'
    '"upstream":"$upstream_addr","upstreamStatus":"$upstream_status","upstreamSeconds":"$upstream_response_time"}';
  access_log /dev/stdout edge;
  log_not_found off;

  # Clients who heed it leave an idle connection after 15 s; none is closed before 20 s, even by a pod that stops. So nobody
  # sends into a connection that is just being closed.
  keepalive_timeout {{ $edge.keepAliveSeconds }}s 15s;
  keepalive_min_timeout 20s;
  keepalive_requests 10000;

  # What the server itself allows: it takes heads of 16 kB and bodies of 256 kB, and waits 30 s for them.
  client_header_buffer_size 4k;
  large_client_header_buffers 4 16k;
  client_header_timeout 30s;
  client_body_timeout 30s;
  client_body_buffer_size 256k;
  client_max_body_size 256k;
  send_timeout 30s;

  {{- with $edge.trustedProxies }}

  {{- range . }}
  set_real_ip_from {{ . }};
  {{- end }}
  real_ip_header {{ ternary "proxy_protocol" "X-Forwarded-For" $edge.proxyProtocol }};
  real_ip_recursive on;
  {{- end }}

  include upstreams.conf;

  server {
    # For the kubelet alone.
    listen 8081;
    {{- if $ipv6 }}
    listen [::]:8081;
    {{- end }}
    access_log off;

    location = /healthz {
      return 200 '{"status":"ok"}';
    }
    # A pod that has just started knows no servers before its first look at DNS.
    location = /reaches-servers {
      proxy_pass http://calls/livez;
    }
    location / {
      return 404;
    }
  }

  {{- if include "innkeeper.tlsSecret" . }}

  server {
    {{- include "innkeeper.edge.listen" (dict "edge" $edge "ipv6" $ipv6 "port" "8080 default_server") | nindent 4 }}
    return 308 https://$host$request_uri;
  }

  # Variables make nginx read the files when a client connects, so that renewed ones are taken up.
  map "" $edge_tls {
    default /etc/innkeeper-edge-tls;
  }
  ssl_certificate_cache max=2 valid=10s;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_session_cache shared:sessions:10m;
  ssl_session_tickets off;

  server {
    {{- include "innkeeper.edge.listen" (dict "edge" $edge "ipv6" $ipv6 "port" "8443 ssl default_server") | nindent 4 }}
    http2 on;
    ssl_certificate $edge_tls/tls.crt;
    ssl_certificate_key $edge_tls/tls.key;
    include api.conf;
  }
  {{- else }}

  server {
    {{- include "innkeeper.edge.listen" (dict "edge" $edge "ipv6" $ipv6 "port" "8080 default_server") | nindent 4 }}
    include api.conf;
  }
  {{- end }}
}
{{- end }}

{{/* Takes (dict "edge" .Values.edge "ipv6" BOOLEAN "port" "PORT PARAMETERS"). */}}
{{- define "innkeeper.edge.listen" -}}
{{- $parameters := printf "%s backlog=4096%s" .port (ternary " proxy_protocol" "" .edge.proxyProtocol) -}}
listen {{ $parameters }};
{{- if .ipv6 }}
listen [::]:{{ $parameters }};
{{- end }}
{{- end }}
