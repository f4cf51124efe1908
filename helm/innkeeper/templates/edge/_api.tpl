{{/* What clients reach. Only port 3000 of the web pods lies behind it: metrics and detailed health are on another. */}}
{{- define "innkeeper.edge.api" -}}
proxy_http_version 1.1;
proxy_set_header Connection "";
proxy_set_header Host $host;
proxy_set_header X-Request-Id $edge_request_id;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto $scheme;
proxy_set_header Forwarded "";

# Answers come compressed, and are not compressed twice.
gzip off;
proxy_buffer_size 8k;
proxy_buffers 16 8k;
proxy_max_temp_file_size 0;

# Longer than the longest deadline that a client may ask for.
proxy_read_timeout {{ include "innkeeper.requestSeconds" . }}s;
proxy_connect_timeout 2s;
proxy_send_timeout 30s;
proxy_socket_keepalive on;

# Neither 429 nor 503 is among them: a server that says so is well, and another one would be no less busy.
proxy_next_upstream error timeout;
proxy_next_upstream_tries 3;
proxy_next_upstream_timeout 10s;

recursive_error_pages on;
error_page 463 = @stream;
error_page 464 = @once;
include refusals.conf;

location / {
  if ($edge_way = stream) {
    return 463;
  }
  if ($edge_way = once) {
    return 464;
  }
  proxy_pass http://calls;
}

location @once {
  proxy_next_upstream off;
  proxy_pass http://calls;
}

# Heartbeats keep it going; a client that hears none goes away.
location @stream {
  proxy_buffering off;
  proxy_read_timeout 1h;
  proxy_pass http://streams;
}

# For operators, should a server ever tell it on this port.
location ~ ^/(?:metrics|readyz|health)(?:/|$) {
  return 404;
}
{{- end }}
