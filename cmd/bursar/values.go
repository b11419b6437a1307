package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/auth"
	"bursar/mail/resend"
	"bursar/observe"
	"bursar/worker"
)

// The types of flags. Each returns an error for an invalid value when the command line is parsed, before anything is started.
// No error contains a secret.

type address string

func (a *address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return fmt.Errorf("want host:port, such as 127.0.0.1:8080, got %q", text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("the port is a number from 0 (any free one) to 65535, got %q", port)
	}
	*a = address(text)
	return nil
}

const (
	minimumRootToken = 16  // characters of a root token
	minimumBits      = 128 // of the root token of bursar serve, and of a metrics token, by auth.Strength
)

type rootToken string

func (r *rootToken) UnmarshalText(text []byte) error {
	if len(text) < minimumRootToken {
		return fmt.Errorf("a root token has at least %d characters, this one has %d", minimumRootToken, len(text))
	}
	if strings.ContainsFunc(string(text), func(c rune) bool { return c <= ' ' || c > '~' }) {
		return errors.New("a root token is printable ASCII without blanks, for it travels in a header")
	}
	*r = rootToken(text)
	return nil
}

// checkStrength refuses a token that can be guessed. A server that others can reach needs one that cannot.
func (r rootToken) checkStrength() error {
	if bits := auth.Strength(string(r)); r != "" && bits < minimumBits {
		return &misuse{fmt.Sprintf("BURSAR_ROOT_TOKEN (or --root-token) can be guessed: by its form it has %.0f bits at most, want %d; "+
			"bursar token root makes one", math.Floor(bits), minimumBits)}
	}
	return nil
}

// count is a number from 1 to maxCount; 0 when it was not given.
type count int

const maxCount = 10_000

func (c *count) UnmarshalText(text []byte) error {
	number, err := strconv.Atoi(string(text))
	if err != nil || number < 1 || number > maxCount {
		return fmt.Errorf("want a number from 1 to %d, got %q", maxCount, text)
	}
	*c = count(number)
	return nil
}

type databaseURL string

func (d *databaseURL) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return errors.New("is empty")
	}
	if _, err := pgxpool.ParseConfig(string(text)); err != nil {
		return fmt.Errorf("want postgres://user:password@host:port/database: %w", err) // pgx redacts the password
	}
	*d = databaseURL(text)
	return nil
}

type postgresBin string

func (p *postgresBin) UnmarshalText(text []byte) error {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(string(text), name))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return fmt.Errorf("want the folder with PostgreSQL's programs; %s has no program %s", text, name)
		}
	}
	*p = postgresBin(text)
	return nil
}

type resendAPIKey string

func (r *resendAPIKey) UnmarshalText(text []byte) error {
	*r = resendAPIKey(text)
	_, err := resend.New(string(text), "", nil)
	return err
}

type resendBaseURL string

func (r *resendBaseURL) UnmarshalText(text []byte) error {
	*r = resendBaseURL(text)
	_, err := resend.New("any", string(text), nil)
	return err
}

// webhookSecret is a key in base 64 after Resend's prefix whsec_.
type webhookSecret string

func (w *webhookSecret) UnmarshalText(text []byte) error {
	encoded, prefixed := strings.CutPrefix(string(text), "whsec_")
	if key, err := base64.StdEncoding.DecodeString(encoded); !prefixed || err != nil || len(key) == 0 {
		return errors.New("want whsec_ and a key in base 64, as Resend shows it with the webhook")
	}
	*w = webhookSecret(text)
	return nil
}

type mailAddress string

func (m *mailAddress) UnmarshalText(text []byte) error {
	if _, err := netmail.ParseAddress(string(text)); err != nil {
		return fmt.Errorf("want an address such as %q, got %q", "Bursar <bursar@acme.test>", text)
	}
	*m = mailAddress(text)
	return nil
}

// usageRetention is a number of months; 0 when it was not given: the ledger is kept for good.
type usageRetention int

func (r *usageRetention) UnmarshalText(text []byte) error {
	months, err := strconv.Atoi(string(text))
	if err != nil || months < 1 || months > worker.MaxUsageRetention {
		return fmt.Errorf("want a number of months from 1 to %d, got %q", worker.MaxUsageRetention, text)
	}
	*r = usageRetention(months)
	return nil
}

// instant is a time, or a day, which begins at 00:00 UTC; the zero time when it was not given.
type instant struct{ time.Time }

func (i *instant) UnmarshalText(text []byte) error {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, string(text)); err == nil {
			i.Time = at.UTC()
			return nil
		}
	}
	return fmt.Errorf("want a time such as 2026-03-01T12:00:00Z, or a day such as 2026-03-01, got %q", text)
}

// pointer returns the instant; nil when it was not given.
func (i *instant) pointer() *time.Time {
	if i.IsZero() {
		return nil
	}
	return &i.Time
}

type serverURL string

func (s *serverURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" {
		return fmt.Errorf("want http://host:port, got %q", text)
	}
	*s = serverURL(strings.TrimRight(string(text), "/"))
	return nil
}

// publicURL is the URL of a subject's page in a portal, with placeholders.
type publicURL string

func (p *publicURL) UnmarshalText(text []byte) error {
	*p = publicURL(text)
	for _, subject := range []string{"key_1", "ws_1", "org_1"} {
		link := p.linkTo(subject)
		if link == "" {
			continue
		}
		parsed, err := url.Parse(link)
		if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" || strings.ContainsAny(link, "{}") {
			return fmt.Errorf("want http(s)://host/path with {id}, and {kind} where the path depends on it, got %q", text)
		}
	}
	if !strings.Contains(string(text), "{id}") {
		return fmt.Errorf("want {id} where the id of the key goes, got %q", text)
	}
	return nil
}

// linkTo returns the URL of a subject's page; "" when there is none.
func (p publicURL) linkTo(externalSubjectID string) string {
	kinds := map[string]string{"key": "keys", "ws": "workspaces", "org": "organizations"}
	prefix, _, _ := strings.Cut(externalSubjectID, "_")
	if p == "" || prefix != "key" && !strings.Contains(string(p), "{kind}") {
		return ""
	}
	return strings.NewReplacer("{id}", externalSubjectID, "{kind}", kinds[prefix]).Replace(string(p))
}

type logFormat observe.Format

func (f *logFormat) UnmarshalText(text []byte) error {
	*f = logFormat(text)
	if format := observe.Format(*f); format != observe.Text && format != observe.JSON {
		return fmt.Errorf("want text or json, got %q", text)
	}
	return nil
}

type logLevel struct{ slog.Level }

func (l *logLevel) UnmarshalText(text []byte) error {
	switch string(text) {
	case "debug", "info", "warn", "error":
		return l.Level.UnmarshalText(text)
	}
	return fmt.Errorf("want debug, info, warn or error, got %q", text)
}
