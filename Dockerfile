# Images are pinned by the digest of their index, which has all platforms; the tag says what it was. To renew one:
# docker buildx imagetools inspect IMAGE:TAG. Needs BuildKit, for the caches.

# The pages of web/ are committed as they were built, so that Go is all this needs.
FROM golang:1.26.8@sha256:9d2f36f06329b2a141b9db99ffa32765cf695ee57b813ca29e245e8670bcbfff AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
# .git comes along: `bursar version` and the metric bursar_build_info name the revision.
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /bursar ./cmd/bursar

# Root certificates (for Resend and PostgreSQL over TLS), time zones and an account; no shell.
FROM gcr.io/distroless/static-debian12:nonroot@sha256:afa5c872c891853ca7fcf1f12c3edb23f7eeef36189728842dd51042ff57f7ab
COPY --from=build /bursar /bursar
COPY --from=build /src/LICENSE /src/NOTICE /
USER nonroot
# Inside a container 127.0.0.1 reaches nobody.
ENV BURSAR_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/bursar"]
CMD ["serve"]
