package proxy_test

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bursar/gateway/proxy"
	"bursar/gateway/wire"
	"bursar/yamlfile"
)

// variables are an environment.
type variables map[string]string

func (v variables) lookup(name string) (string, bool) {
	value, ok := v[name]
	return value, ok
}

// A file says everything there is to say, and what it does not say has a default.
func TestRead(t *testing.T) {
	t.Parallel()
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("sk-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := proxy.Parse("gateway.yaml", []byte(`
listen: 0.0.0.0:9000
bursar: {urls: [https://bursar.test, "https://other.test"], token: {variable: TOKEN}, timeout: 3s, reportWait: 2s, lease: auto, leaseTTL: 20s, flush: 250ms, merge: on}
providers:
  - name: openai
    baseURL: https://api.openai.com/v1
    dialect: openai
    key: {variable: KEY}
    models: [gpt-*, o3]
  - name: azure
    baseURL: https://x.openai.azure.com
    dialect: openai
    key: {file: `+key+`}
    keyHeader: api-key
    models: [gpt-4.1*]
    prices: openai
    askForUsage: false
    headers: {X-Team: blue}
    timeouts: {firstByte: 5s, idle: 7s}
  - {name: claude, baseURL: "https://api.anthropic.com", dialect: anthropic, models: ["*"]}
timeouts:
  connect: 2s
  write: 9s
  paths:
    /v1/*: {idle: 4s}
    /v1/images/*: {firstByte: 20m}
refuse: [/v1/files*]
unbounded: {action: refuse, cost: 2.50}
maxOutputTokens: 4096
otherCost: 0.05
onDenied: 402
headers: all
hold: 5m
maxBodyBytes: 10MiB
spool: {dir: /var/spool/bursar, maxBytes: 1GiB}
failOpen: {dollars: 5, for: 10m, seenWithin: 30m, keys: [key_1]}
`), variables{"TOKEN": "bst_x", "KEY": "sk-variable"}.lookup)
	if err != nil {
		t.Fatal(err)
	}
	if s.Listen != "0.0.0.0:9000" || !slices.Equal(s.Bursar.URLs, []string{"https://bursar.test", "https://other.test"}) || s.Bursar.Token != "bst_x" ||
		s.Bursar.Timeout != 3*time.Second || s.Bursar.ReportWait != 2*time.Second || !s.Bursar.Lease || s.Bursar.LeaseTTL != 20*time.Second ||
		s.Bursar.Flush != 250*time.Millisecond || !s.Bursar.Merge || s.DeniedStatus != http.StatusPaymentRequired || s.Headers != proxy.HeadersAll || s.Hold != 5*time.Minute ||
		s.MaxBodyBytes != 10<<20 || s.Spool != (proxy.SpoolSettings{Dir: "/var/spool/bursar", MaxBytes: 1 << 30}) || s.MaxOutputTokens != 4096 ||
		s.OtherCost != "0.05" || s.Unbounded != (proxy.Unbounded{Refuse: true, Cost: "2.50"}) || !slices.Equal(s.Refuse, []string{"/v1/files*"}) {
		t.Errorf("%+v", s)
	}
	if f := s.FailOpen; f == nil || f.Dollars != "5" || f.For != 10*time.Minute || f.SeenWithin != 30*time.Minute || !slices.Equal(f.Keys, []string{"key_1"}) {
		t.Errorf("%+v", f)
	}
	openai, azure, claude := s.Providers[0], s.Providers[1], s.Providers[2]
	if openai.Key != "sk-variable" || openai.KeyHeader != "bearer" || openai.Prices != "openai" || openai.PlainStreams {
		t.Errorf("%+v", openai)
	}
	if azure.Key != "sk-file" || azure.KeyHeader != "api-key" || azure.Prices != "openai" || !azure.PlainStreams || azure.Header.Get("X-Team") != "blue" ||
		azure.Timeouts != (proxy.Timeouts{FirstByte: 5 * time.Second, Idle: 7 * time.Second}) {
		t.Errorf("%+v", azure)
	}
	if claude.Dialect != wire.Anthropic || claude.Key != "" || claude.KeyHeader != "x-api-key" || claude.Prices != "claude" {
		t.Errorf("%+v", claude)
	}
	if secrets := s.Secrets(); !slices.Equal(secrets, []string{"bst_x", "sk-variable", "sk-file"}) {
		t.Errorf("%q", secrets)
	}
}

// Everything that is wrong with a file is told at once, each with its line, and no secret is repeated.
func TestMistakes(t *testing.T) {
	t.Parallel()
	_, err := proxy.Parse("gateway.yaml", []byte(`listen: everywhere
bursar:
  urls: [bursar.test]
  token: {variable: UNSET}
  token: {file: /does/not/exist}
  timeout: soon
  flush: 1h
  merge: on
providers:
  - name: openai
    baseURL: https://user:password@api.openai.com
    dialect: openia
    key: sk-0123456789abcdef
    models: [g*t]
    header: x
  - name: openai
    dialect: gemini
    key: {variable: BAD}
    models: []
  - just a text
timeouts:
  idle: -1s
  paths: {images: {idle: 1s}}
onDenied: 404
hold: 1s
maxBodyBytes: 5TiB
spool: {maxBytes: 1}
otherCost: a dollar
unbounded: {action: pass}
maxOutputTokens: 1.5
failOpen: {dollars: -5, keys: [bsr_0123456789abcdef]}
headers: some
colour: blue
`), variables{"BAD": "two words"}.lookup)
	mistakes, ok := errors.AsType[proxy.Mistakes](err)
	if !ok {
		t.Fatal(err)
	}
	text := mistakes.Error()
	for _, want := range []string{
		"gateway.yaml:1: listen", "gateway.yaml:3: bursar.urls", "gateway.yaml:4: bursar.token: the variable UNSET", "gateway.yaml:5: token is there twice",
		`gateway.yaml:6: bursar.timeout is "soon"`, "gateway.yaml:7: bursar.flush is 1h0m0s", "gateway.yaml:8: bursar.merge is of calls that leases decide", "gateway.yaml:11: baseURL", `gateway.yaml:12: dialect is "openia"`, "gateway.yaml:13: key: want a mapping",
		`gateway.yaml:14: models: "g*t"`, "gateway.yaml:15: header is not known", "gateway.yaml:16: there are two providers openai", "a provider has no baseURL",
		"gateway.yaml:18: key: want printable", "gateway.yaml:19: models: want a list", "gateway.yaml:20: a provider: want a mapping", "gateway.yaml:22: idle",
		`gateway.yaml:23: timeouts.paths: "images"`, "gateway.yaml:24: onDenied", "gateway.yaml:25: hold", "gateway.yaml:26: maxBodyBytes",
		"gateway.yaml:27: spool.maxBytes", "gateway.yaml:28: otherCost", "gateway.yaml:29: unbounded.action", "gateway.yaml:30: maxOutputTokens",
		"gateway.yaml:31: failOpen.dollars", "gateway.yaml:31: failOpen.keys", "failOpen has no for", "gateway.yaml:32: headers", "gateway.yaml:33: colour is not known",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not told: %s", want)
		}
	}
	for _, secret := range []string{"sk-0123", "bsr_0123456789", "password", "two words"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is told", secret)
		}
	}
	if !slices.IsSortedFunc(mistakes, func(a, b yamlfile.Mistake) int { return a.Line - b.Line }) {
		t.Errorf("not in order:\n%s", text)
	}
	if t.Failed() {
		t.Log(text)
	}
}

// What is no YAML, or no file, is told with its place.
func TestNoYAML(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                         "gateway.yaml:1:",
		"- 1":                      "the file: want a mapping",
		"bursar: [":                "gateway.yaml:1:",
		"a: 1\n\tb: 2":             "gateway.yaml:2:",
		"a: 1\n---\nb: 2":          "want one document",
		"bursar: *nowhere":         "*nowhere is no anchor",
		"listen: {}\nbursar: {}\n": "listen: want a value",
	} {
		if _, err := proxy.Parse("gateway.yaml", []byte(content), variables{}.lookup); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", content, err, want)
		}
	}
	if _, err := proxy.Read(filepath.Join(t.TempDir(), "none.yaml"), variables{}.lookup); err == nil {
		t.Error("a file that is not there was read")
	}
}
