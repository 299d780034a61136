# rollcall and git, for CI: docker run --rm -v "$PWD:/work" -e FEISHU_APP_ID -e FEISHU_APP_SECRET IMAGE plan manifests
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc tsconfig.json ./
COPY src src
COPY schemas schemas
COPY examples examples
# With the lock file's packages alone, and without their scripts.
RUN npm ci --ignore-scripts --no-audit --no-fund \
    && npm run build \
    && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates git \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/package.json /opt/rollcall/
COPY --from=build /build/node_modules /opt/rollcall/node_modules
COPY --from=build /build/dist /opt/rollcall/dist
COPY --from=build /build/schemas /opt/rollcall/schemas
COPY --from=build /build/examples /opt/rollcall/examples
RUN ln -s /opt/rollcall/dist/cli/main.js /usr/local/bin/rollcall
# Not root: in a mounted folder files are written as whoever --user names.
USER node
WORKDIR /work
ENTRYPOINT ["rollcall"]
CMD ["--help"]
