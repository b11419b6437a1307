# syntax=docker/dockerfile:1

# The pages of web/ are committed as they were built, so that Go is all this needs.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
# .git comes along: `bursar version` and the metric bursar_build_info name the revision.
COPY . .
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /bursar ./cmd/bursar

# Root certificates (for Resend and PostgreSQL over TLS), time zones and an account; no shell.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /bursar /bursar
COPY --from=build /src/LICENSE /src/NOTICE /
USER nonroot
# Inside a container 127.0.0.1 reaches nobody.
ENV BURSAR_ADDR=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["/bursar"]
CMD ["serve"]
