package mapping

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"bursar/yamlfile"
)

const (
	defaultHold = 10 * time.Minute
	// defaultScale is a micro-dollar, so that an uint32 of hits holds 4,294 dollars.
	defaultScale = 1000
	maxHits      = 1e9 // that Envoy sends at most
)

// reader reads a file of rules.
type reader struct{ *yamlfile.Reader }

// Read reads a file of rules. Its error is yamlfile.Mistakes, all of them, or says why the file cannot be read.
func Read(file string) (*Mapping, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the mapping of Envoy's descriptors: %w", err)
	}
	return Parse(file, content)
}

// Parse is Read for the content of a file.
func Parse(file string, content []byte) (*Mapping, error) {
	usual, err := Default()
	if err != nil {
		return nil, err
	}
	return parse(yamlfile.NewReader(file), content, usual.Domains)
}

func parse(file *yamlfile.Reader, content []byte, usual []Domain) (*Mapping, error) {
	r := &reader{file}
	m := &Mapping{Unmatched: Refuse, Hold: defaultHold, Domains: usual}
	m.Authorizing = Authorizing{RequestID: Value{Entries: []string{"x-request-id"}}, DeniedStatus: http.StatusPreconditionFailed}
	if root := r.Parse(content); root != nil {
		r.mapping(root, m)
	}
	if err := r.Sorted(); err != nil {
		return nil, err
	}
	return m, nil
}

func (r *reader) mapping(root ast.Node, m *Mapping) {
	unmatched, headers, statuses := string(m.Unmatched), "none", "limits"
	r.Mapping(root, "the file", yamlfile.Fields{
		"key":       r.keyID("key", &m.Key),
		"unmatched": r.OneOf("unmatched", &unmatched, string(Refuse), string(Allow)),
		"hold":      r.Duration("hold", time.Second, &m.Hold),
		"headers":   r.OneOf("headers", &headers, "none", "x-ratelimit"),
		"statuses":  r.OneOf("statuses", &statuses, "limits", "codes"),
		"domains": func(n ast.Node) {
			m.Domains = nil
			r.List(n, "domains", func(each ast.Node) { r.domain(each, m) })
		},
		"authorization": func(n ast.Node) { r.authorizing(n, &m.Authorizing) },
	})
	m.Unmatched, m.XRateLimit = Unmatched(unmatched), headers != "none"
	m.CodesOnly = statuses == "codes" && !m.XRateLimit
}

func (r *reader) domain(node ast.Node, m *Mapping) {
	var d Domain
	r.Mapping(node, "a domain", yamlfile.Fields{
		"domain": r.Text("domain", &d.Name),
		"rules":  func(n ast.Node) { r.List(n, "rules", func(each ast.Node) { r.rule(each, &d) }) },
	}, "domain", "rules")
	if slices.ContainsFunc(m.Domains, func(other Domain) bool { return other.Name == d.Name && d.Name != "" }) {
		r.Note(node.GetToken(), "there are two domains %s", d.Name)
	}
	m.Domains = append(m.Domains, d)
}

func (r *reader) rule(node ast.Node, d *Domain) {
	rule := Rule{Name: "rule " + strconv.Itoa(len(d.Rules)+1), Unit: Value{Text: Requests}, Phase: Value{Text: Auto}, Scale: defaultScale}
	r.Mapping(node, "a rule", yamlfile.Fields{
		"name":  r.Text("name", &rule.Name),
		"match": func(n ast.Node) { r.match(n, &rule.Match) },
		"key": func(n ast.Node) {
			if rule.Key = r.value(n, "key"); rule.Key != nil && len(rule.Key.Entries) == 0 {
				r.keyID("key", &rule.Key.Text)(n)
			}
		},
		"requestId": func(n ast.Node) {
			if rule.RequestID = r.value(n, "requestId"); rule.RequestID != nil && len(rule.RequestID.Entries) == 0 {
				r.Note(n.GetToken(), "requestId: want the entry that has it, as {entry: x-request-id}; one text for all calls would make them one call")
			}
		},
		"provider": func(n ast.Node) { rule.Provider = r.value(n, "provider") },
		"model":    func(n ast.Node) { rule.Model = r.value(n, "model") },
		"metadata": func(n ast.Node) { rule.Metadata = r.metadata(n) },
		"unit":     r.word("unit", &rule.Unit, units()),
		"phase":    r.word("phase", &rule.Phase, phases()),
		"scale":    func(n ast.Node) { rule.Scale = r.nanos(n, "scale") },
		"policy":   r.Text("policy", &rule.Policy),
		"estimate": func(n ast.Node) { r.estimate(n, &rule.Estimate) },
	})
	if rule.Phase.Text == Reserve && rule.RequestID == nil {
		r.Note(node.GetToken(), "a rule that reserves has no requestId, so that nothing could settle what it holds")
	}
	d.Rules = append(d.Rules, rule)
}

// match reads the entries that a descriptor must have.
func (r *reader) match(node ast.Node, into *[]Entry) {
	pairs, _ := r.Pairs(node, "match")
	for _, pair := range pairs {
		e := Entry{Key: pair.Key.GetToken().Value}
		value, ok := r.Scalar(pair.Value, "match")
		switch {
		case !ok:
		case strings.Contains(strings.TrimSuffix(value, "*"), "*"):
			r.Note(pair.Key.GetToken(), "match.%s: %q is neither a value nor a beginning that ends with *", e.Key, value)
		case slices.ContainsFunc(*into, func(other Entry) bool { return other.Key == e.Key }):
			r.Note(pair.Key.GetToken(), "match.%s is there twice", e.Key)
		default:
			e.Pattern = value
			*into = append(*into, e)
		}
	}
}

func (r *reader) metadata(node ast.Node) (all []Attribute) {
	pairs, _ := r.Pairs(node, "metadata")
	for _, pair := range pairs {
		name := pair.Key.GetToken().Value
		if slices.ContainsFunc(all, func(other Attribute) bool { return other.Name == name }) {
			r.Note(pair.Key.GetToken(), "metadata.%s is there twice", name)
			continue
		}
		if value := r.value(pair.Value, "metadata."+name); value != nil {
			all = append(all, Attribute{name, *value})
		}
	}
	return all
}

func (r *reader) authorizing(node ast.Node, a *Authorizing) {
	denied, mode := strconv.Itoa(a.DeniedStatus), "reserve"
	r.Mapping(node, "authorization", yamlfile.Fields{
		"key": func(n ast.Node) { a.Key = r.value(n, "authorization.key") },
		"requestId": func(n ast.Node) {
			if value := r.value(n, "authorization.requestId"); value != nil {
				a.RequestID = *value
			}
		},
		"provider": func(n ast.Node) { a.Provider = r.value(n, "authorization.provider") },
		"metadata": func(n ast.Node) { a.Metadata = r.metadata(n) },
		"onDenied": r.OneOf("authorization.onDenied", &denied, "412", "402", "429"),
		"mode":     r.OneOf("authorization.mode", &mode, "reserve", "check"),
	})
	a.DeniedStatus, _ = strconv.Atoi(denied)
	a.CheckOnly = mode == "check"
}

// nanos reads what a hit costs, in US dollars, as nano-dollars: above 0, and 1 dollar at most.
func (r *reader) nanos(node ast.Node, where string) int64 {
	const dollar = 1_000_000_000
	before := r.Mistakes()
	nanos := r.dollars(node, where)
	if r.Mistakes() == before && (nanos < 1 || nanos > dollar) {
		r.Note(node.GetToken(), "%s: want US dollars above 0, and 1 at most", where)
	}
	return nanos
}
