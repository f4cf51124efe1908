# One image for `serve`, `worker` and `migrate`. Any builder: nothing here needs more than plain Dockerfile instructions.
# `npm run image -- OUT.tar` makes the same without a builder.
ARG BUILD_IMAGE=docker.io/library/node:26.10.0-trixie-slim
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian13:nonroot

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Left out: what develops and tests; Node for laptops and the embedded database's programs, which are optional; install
# scripts, which nothing that runs here has; types and source maps, which nothing reads.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund \
  && rm -r node_modules/typescript node_modules/@types node_modules/undici-types \
  && find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' \) -delete \
  && find node_modules -type d -empty -delete
COPY src src
RUN mkdir -p /runtime/usr/local/bin /runtime/usr/lib \
  && cp "$(command -v node)" /runtime/usr/local/bin/node \
  && cp -L "$(ldd "$(command -v node)" | awk '$1 ~ /^libatomic/ { print $3 }')" /runtime/usr/lib/

FROM ${RUNTIME_IMAGE}
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Innkeeper" \
  org.opencontainers.image.description="A booking backend for hotels and stays that never sells a night twice." \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}"
# Node, and the one of its libraries that the base lacks.
COPY --from=build /runtime /
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/package.json /app/package.json
COPY --from=build /app/src /app/src
ENV PATH=/usr/local/bin:/usr/bin:/bin NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
USER 65532:65532
EXPOSE 3000 9464
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/node", "/app/src/cli/innkeeper.js"]
CMD ["serve"]
