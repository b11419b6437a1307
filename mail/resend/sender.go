// Package resend sends mail through Resend and reads its delivery events. It
// knows nothing of alerts.
package resend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	sdk "github.com/resend/resend-go/v2"

	"bursar/mail"
)

const (
	// defaultURL is Resend's own endpoint. It is set here because the library
	// reads its default from the process's environment, unchecked.
	defaultURL = "https://api.resend.com/"

	// sendTimeout bounds one attempt, from dialing to the answer's last byte,
	// for a client that has no timeout of its own.
	sendTimeout = 10 * time.Second

	// maxTagBytes is Resend's limit for the name and for the value of a tag.
	maxTagBytes = 256
)

// Sender sends mail through Resend's API. It is safe for concurrent use.
type Sender struct {
	apiKey  string
	baseURL *url.URL
	client  http.Client // a copy: the caller's is left as it was
}

var _ mail.Sender = (*Sender)(nil)

// New returns a sender for Resend. An empty baseURL means Resend's own
// endpoint; another one may have a path and may end in a slash or not. A nil
// client means one of its own; one without a timeout gets 10 seconds. An
// unusable key or URL is refused here rather than with each mail.
func New(apiKey, baseURL string, client *http.Client) (*Sender, error) {
	apiKey = strings.TrimSpace(apiKey)
	if apiKey == "" || strings.ContainsFunc(apiKey, notPrintableASCII) {
		return nil, errors.New("mail: the Resend API key is empty or holds characters that a header cannot carry")
	}
	base, err := parseBaseURL(cmp.Or(strings.TrimSpace(baseURL), defaultURL))
	if err != nil {
		return nil, err
	}
	if client == nil {
		client = &http.Client{}
	}
	own := *client
	own.Timeout = cmp.Or(own.Timeout, sendTimeout)
	// A redirected POST becomes a GET, whose 200 would pass for a sent mail.
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Sender{apiKey: apiKey, baseURL: base, client: own}, nil
}

// Send implements [mail.Sender]. It makes one attempt; when to make the next is the
// caller's decision. What must not reach a mail header is refused without
// asking Resend.
func (s *Sender) Send(ctx context.Context, key string, messages []mail.Message) ([]mail.Result, error) {
	if key == "" || strings.ContainsFunc(key, notPrintableASCII) {
		return nil, &mail.InvalidMessageError{Reason: "the idempotency key is empty or not printable ASCII"}
	}
	if len(messages) > mail.MaxBatch {
		return nil, &mail.InvalidMessageError{Reason: fmt.Sprintf("%d messages are more than a call takes", len(messages))}
	}
	results := make([]mail.Result, len(messages))
	var valid []mail.Message
	for i, message := range messages {
		if results[i].Refusal = message.Validate(); results[i].Refusal == nil {
			valid = append(valid, message)
		}
	}
	var accepted []mail.Result
	var err error
	switch len(valid) {
	case 0:
		return results, nil
	case 1:
		accepted, err = s.sendOne(ctx, key, valid[0])
	default:
		accepted, err = s.sendBatch(ctx, key, valid)
	}
	if err != nil {
		return nil, err
	}
	for i := range results {
		if results[i].Refusal == nil {
			results[i], accepted = accepted[0], accepted[1:]
		}
	}
	return results, nil
}

func parseBaseURL(raw string) (*url.URL, error) {
	base, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("mail: Resend base URL: %w", err)
	}
	if (base.Scheme != "https" && base.Scheme != "http") || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("mail: Resend base URL %q: want http(s)://host[/path]", base.Redacted())
	}
	// The library resolves "emails" against it, which replaces all that
	// follows the last slash.
	if !strings.HasSuffix(base.Path, "/") {
		base = base.JoinPath("/")
	}
	return base, nil
}

// tagsOf returns the tags sorted, so that a repeated attempt has the same contents
// byte for byte, as the idempotency key demands, and keeps to Resend's alphabet.
// A name or value of which nothing readable is left is dropped.
func tagsOf(tags map[string]string) []sdk.Tag {
	var list []sdk.Tag
	for _, name := range slices.Sorted(maps.Keys(tags)) {
		tag := sdk.Tag{Name: tagText(name), Value: tagText(tags[name])}
		if tag.Name != "" && tag.Value != "" {
			list = append(list, tag)
		}
	}
	return list
}

// tagText replaces each run of characters outside [A-Za-z0-9_-] by one underscore.
func tagText(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !(r == '-' || r == '_' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z')
	})
	joined := strings.Join(words, "_")
	return joined[:min(len(joined), maxTagBytes)]
}

func notPrintableASCII(r rune) bool { return r <= ' ' || r > '~' }
