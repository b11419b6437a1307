package proxy

import (
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"bursar/gateway/spool"
	"bursar/gateway/wire"
	"bursar/yamlfile"
)

// Mistakes are all that is wrong with a file of settings.
type Mistakes = yamlfile.Mistakes

// reader reads a file of settings.
type reader struct {
	*yamlfile.Reader

	lookup func(string) (string, bool) // of environment variables
}

// Read reads a file of settings. Its error is Mistakes, all of them, or says why the file cannot be read. Keys are read from the variables and
// files that it names.
func Read(file string, lookup func(string) (string, bool)) (*Settings, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the gateway's settings: %w", err)
	}
	return Parse(file, content, lookup)
}

// Parse is Read for the content of a file.
func Parse(file string, content []byte, lookup func(string) (string, bool)) (*Settings, error) {
	r := &reader{yamlfile.NewReader(file), lookup}
	s := Defaults()
	if root := r.Parse(content); root != nil {
		r.settings(root, &s)
	}
	if err := r.Sorted(); err != nil {
		return nil, err
	}
	return &s, nil
}

func (r *reader) settings(root ast.Node, s *Settings) {
	headers, denied := string(s.Headers), fmt.Sprint(s.DeniedStatus)
	r.Mapping(root, "the file", yamlfile.Fields{
		"listen": r.hostPort("listen", &s.Listen),
		"bursar": func(n ast.Node) { r.bursar(n, &s.Bursar) },
		"providers": func(n ast.Node) {
			r.List(n, "providers", func(each ast.Node) { r.provider(each, s) })
		},
		"timeouts": func(n ast.Node) { r.timeouts(n, "timeouts", &s.Timeouts, &s.Paths) },
		"refuse": func(n ast.Node) {
			r.List(n, "refuse", func(each ast.Node) { r.pattern(each, "refuse", &s.Refuse) })
		},
		"unbounded":       func(n ast.Node) { r.unbounded(n, &s.Unbounded) },
		"maxOutputTokens": r.Number("maxOutputTokens", 1, 1e9, &s.MaxOutputTokens),
		"otherCost":       r.Money("otherCost", &s.OtherCost),
		"onDenied":        r.OneOf("onDenied", &denied, "412", "402"),
		"headers":         r.OneOf("headers", &headers, string(HeadersNone), string(HeadersRemaining), string(HeadersAll)),
		"hold":            r.Duration("hold", 10*time.Second, &s.Hold),
		"maxBodyBytes":    r.Bytes("maxBodyBytes", 1<<10, 1<<30, &s.MaxBodyBytes),
		"spool": func(n ast.Node) {
			r.Mapping(n, "spool", yamlfile.Fields{
				"dir": r.Text("spool.dir", &s.Spool.Dir), "maxBytes": r.Bytes("spool.maxBytes", spool.MinMaxBytes, 1<<40, &s.Spool.MaxBytes),
			})
		},
		"failOpen": func(n ast.Node) { s.FailOpen = r.failOpen(n) },
	}, "bursar", "providers")
	s.Headers, s.DeniedStatus = Headers(headers), http.StatusPreconditionFailed
	if denied == "402" {
		s.DeniedStatus = http.StatusPaymentRequired
	}
}

func (r *reader) hostPort(where string, into *string) func(ast.Node) {
	return func(node ast.Node) {
		value, ok := r.Scalar(node, where)
		if _, _, err := net.SplitHostPort(value); ok && err != nil {
			r.Note(node.GetToken(), "%s is %q, want host:port such as 127.0.0.1:8090", where, value)
		} else if ok {
			*into = value
		}
	}
}

// maxFlush is how long a report may wait for others.
const maxFlush = 10 * time.Second

func (r *reader) bursar(node ast.Node, b *Bursar) {
	lease, merge, merges := "off", "off", ast.Node(nil)
	r.Mapping(node, "bursar", yamlfile.Fields{
		"lease": r.OneOf("bursar.lease", &lease, "off", "auto"), "leaseTTL": r.Duration("bursar.leaseTTL", time.Second, &b.LeaseTTL),
		"flush": func(n ast.Node) {
			if r.Duration("bursar.flush", time.Millisecond, &b.Flush)(n); b.Flush > maxFlush {
				r.Note(n.GetToken(), "bursar.flush is %s, want %s at most: what calls hold counts until they are booked", b.Flush, maxFlush)
			}
		},
		"merge": func(n ast.Node) {
			merges = n
			r.OneOf("bursar.merge", &merge, "off", "on")(n)
		},
		"urls": func(n ast.Node) {
			r.List(n, "bursar.urls", func(each ast.Node) {
				if u := r.url(each, "bursar.urls"); u != nil {
					b.URLs = append(b.URLs, u.String())
				}
			})
		},
		"token":   func(n ast.Node) { r.secret(n, "bursar.token", &b.Token) },
		"timeout": r.Duration("bursar.timeout", 100*time.Millisecond, &b.Timeout), "reportWait": r.Duration("bursar.reportWait", time.Millisecond, &b.ReportWait),
	}, "urls", "token")
	b.Lease, b.Merge = lease == "auto", merge == "on"
	if b.Merge && !b.Lease {
		r.Note(merges.GetToken(), "bursar.merge is of calls that leases decide: set bursar.lease to auto")
	}
}

func (r *reader) provider(node ast.Node, s *Settings) {
	p, dialect, asks, base := &Provider{Header: http.Header{}}, "", "true", ast.Node(nil)
	r.Mapping(node, "a provider", yamlfile.Fields{
		"name":        r.Text("name", &p.Name),
		"baseURL":     func(n ast.Node) { base, p.BaseURL = n, r.url(n, "baseURL") },
		"dialect":     r.OneOf("dialect", &dialect, string(wire.OpenAI), string(wire.Anthropic), string(wire.Gemini)),
		"key":         func(n ast.Node) { r.secret(n, "key", &p.Key) },
		"keyHeader":   r.header("keyHeader", &p.KeyHeader),
		"models":      func(n ast.Node) { r.List(n, "models", func(each ast.Node) { r.pattern(each, "models", &p.Models) }) },
		"prices":      r.Text("prices", &p.Prices),
		"headers":     func(n ast.Node) { r.headers(n, p.Header) },
		"askForUsage": r.OneOf("askForUsage", &asks, "true", "false"),
		"timeouts":    func(n ast.Node) { r.timeouts(n, "a provider's timeouts", &p.Timeouts, nil) },
	}, "name", "baseURL", "dialect", "models")
	if slices.ContainsFunc(s.Providers, func(other *Provider) bool { return other.Name == p.Name && p.Name != "" }) {
		r.Note(node.GetToken(), "there are two providers %s", p.Name)
	}
	if p.BaseURL != nil && p.BaseURL.RawQuery != "" {
		r.Note(base.GetToken(), "baseURL has a query, which calls would lose")
	}
	p.Dialect, p.PlainStreams = wire.Dialect(dialect), asks == "false"
	if p.Prices == "" {
		p.Prices = p.Name
	}
	if p.KeyHeader == "" {
		p.KeyHeader = map[wire.Dialect]string{wire.OpenAI: bearer, wire.Anthropic: "x-api-key", wire.Gemini: "x-goog-api-key"}[p.Dialect]
	}
	s.Providers = append(s.Providers, p)
}

// bearer is the KeyHeader that stands for Authorization: Bearer.
const bearer = "bearer"

// secret reads a secret from where the file says that it is, so that the file holds none.
func (r *reader) secret(node ast.Node, where string, into *string) {
	variable, file := "", ""
	before := r.Mistakes()
	r.Mapping(node, where, yamlfile.Fields{"variable": r.Text(where+".variable", &variable), "file": r.Text(where+".file", &file)})
	switch {
	case r.Mistakes() > before:
	case (variable == "") == (file == ""):
		r.Note(node.GetToken(), "%s: want one of variable and file", where)
	case variable != "":
		value, _ := r.lookup(variable)
		if *into = strings.TrimSpace(value); *into == "" {
			r.Note(node.GetToken(), "%s: the variable %s is not set", where, variable)
		}
	default:
		content, err := os.ReadFile(file)
		if *into = strings.TrimSpace(string(content)); err != nil {
			r.Note(node.GetToken(), "%s: %v", where, err)
		} else if *into == "" {
			r.Note(node.GetToken(), "%s: %s is empty", where, file)
		}
	}
	if strings.ContainsFunc(*into, func(c rune) bool { return c <= ' ' || c > '~' }) {
		r.Note(node.GetToken(), "%s: want printable ASCII without blanks, for it travels in a header", where)
	}
}

func (r *reader) url(node ast.Node, where string) *url.URL {
	value, ok := r.Scalar(node, where)
	if !ok {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
		r.Note(node.GetToken(), "%s: want an address such as https://api.example.com/v1", where)
		return nil
	}
	return u
}

func (r *reader) pattern(node ast.Node, where string, into *[]string) {
	value, ok := r.Scalar(node, where)
	switch {
	case !ok:
	case value == "" || strings.Contains(strings.TrimSuffix(value, "*"), "*"):
		r.Note(node.GetToken(), "%s: %q is neither a name nor a beginning that ends with *", where, value)
	default:
		*into = append(*into, value)
	}
}

func (r *reader) timeouts(node ast.Node, where string, into *Timeouts, paths *[]Path) {
	known := yamlfile.Fields{
		"connect": r.Duration("connect", time.Millisecond, &into.Connect), "firstByte": r.Duration("firstByte", time.Millisecond, &into.FirstByte),
		"idle": r.Duration("idle", time.Millisecond, &into.Idle), "write": r.Duration("write", time.Millisecond, &into.Write),
	}
	if paths != nil {
		known["paths"] = func(n ast.Node) {
			pairs, _ := r.Pairs(n, "timeouts.paths")
			for _, pair := range pairs {
				var own Path
				r.timeouts(pair.Value, "timeouts.paths", &own.Timeouts, nil)
				if own.Pattern = pair.Key.GetToken().Value; !strings.HasPrefix(own.Pattern, "/") {
					r.Note(pair.Key.GetToken(), "timeouts.paths: %q is no path such as /v1/images/*", own.Pattern)
				}
				*paths = append(*paths, own)
			}
		}
	}
	r.Mapping(node, where, known)
}
