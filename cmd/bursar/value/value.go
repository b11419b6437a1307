// Package value has the types of the flags of bursar. Each returns an error for an invalid value when the command line is parsed, before
// anything is started. No error contains a secret.
package value

import (
	"encoding/base64"
	"errors"
	"fmt"
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
	"bursar/worker"
)

// Address is host:port to listen on; port 0 is any free one.
type Address string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (a *Address) UnmarshalText(text []byte) error {
	_, port, err := net.SplitHostPort(string(text))
	if err != nil {
		return fmt.Errorf("want host:port, such as 127.0.0.1:8080, got %q", text)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("the port is a number from 0 (any free one) to 65535, got %q", port)
	}
	*a = Address(text)
	return nil
}

const minimumRootToken = 16 // characters

// MinimumBits has the root token of bursar serve, and a metrics token, by [auth.Strength].
const MinimumBits = 128

// RootToken is the secret of the operator of a server.
type RootToken string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *RootToken) UnmarshalText(text []byte) error {
	if len(text) < minimumRootToken {
		return fmt.Errorf("a root token has at least %d characters, this one has %d", minimumRootToken, len(text))
	}
	if strings.ContainsFunc(string(text), func(c rune) bool { return c <= ' ' || c > '~' }) {
		return errors.New("a root token is printable ASCII without blanks, for it travels in a header")
	}
	*r = RootToken(text)
	return nil
}

// CheckStrength refuses a token that can be guessed. A server that others can reach needs one that cannot.
func (r RootToken) CheckStrength() error {
	if bits := auth.Strength(string(r)); r != "" && bits < MinimumBits {
		return fmt.Errorf("BURSAR_ROOT_TOKEN (or --root-token) can be guessed: by its form it has %.0f bits at most, want %d; "+
			"bursar token root makes one", math.Floor(bits), MinimumBits)
	}
	return nil
}

// Count is a number from 1 to maxCount; 0 when it was not given.
type Count int

const maxCount = 10_000

// UnmarshalText implements [encoding.TextUnmarshaler].
func (c *Count) UnmarshalText(text []byte) error {
	number, err := strconv.Atoi(string(text))
	if err != nil || number < 1 || number > maxCount {
		return fmt.Errorf("want a number from 1 to %d, got %q", maxCount, text)
	}
	*c = Count(number)
	return nil
}

// DatabaseURL is PostgreSQL's.
type DatabaseURL string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (d *DatabaseURL) UnmarshalText(text []byte) error {
	if strings.TrimSpace(string(text)) == "" {
		return errors.New("is empty")
	}
	if _, err := pgxpool.ParseConfig(string(text)); err != nil {
		return fmt.Errorf("want postgres://user:password@host:port/database: %w", err) // pgx redacts the password
	}
	*d = DatabaseURL(text)
	return nil
}

// PostgresBin is a folder with PostgreSQL's programs.
type PostgresBin string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *PostgresBin) UnmarshalText(text []byte) error {
	for _, name := range []string{"initdb", "postgres"} {
		info, err := os.Stat(filepath.Join(string(text), name))
		if err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
			return fmt.Errorf("want the folder with PostgreSQL's programs; %s has no program %s", text, name)
		}
	}
	*p = PostgresBin(text)
	return nil
}

// ResendAPIKey is a key of Resend.
type ResendAPIKey string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *ResendAPIKey) UnmarshalText(text []byte) error {
	*r = ResendAPIKey(text)
	_, err := resend.New(string(text), "", nil)
	return err
}

// ResendBaseURL is where an API like Resend's is.
type ResendBaseURL string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *ResendBaseURL) UnmarshalText(text []byte) error {
	*r = ResendBaseURL(text)
	_, err := resend.New("any", string(text), nil)
	return err
}

// WebhookSecret is a key in base 64 after Resend's prefix whsec_.
type WebhookSecret string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (w *WebhookSecret) UnmarshalText(text []byte) error {
	encoded, prefixed := strings.CutPrefix(string(text), "whsec_")
	if key, err := base64.StdEncoding.DecodeString(encoded); !prefixed || err != nil || len(key) == 0 {
		return errors.New("want whsec_ and a key in base 64, as Resend shows it with the webhook")
	}
	*w = WebhookSecret(text)
	return nil
}

// MailAddress is a sender, with or without a name.
type MailAddress string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (m *MailAddress) UnmarshalText(text []byte) error {
	if _, err := netmail.ParseAddress(string(text)); err != nil {
		return fmt.Errorf("want an address such as %q, got %q", "Bursar <bursar@acme.test>", text)
	}
	*m = MailAddress(text)
	return nil
}

// UsageRetention is a number of months; 0 when it was not given: the ledger is kept for good.
type UsageRetention int

// UnmarshalText implements [encoding.TextUnmarshaler].
func (r *UsageRetention) UnmarshalText(text []byte) error {
	months, err := strconv.Atoi(string(text))
	if err != nil || months < 1 || months > worker.MaxUsageRetention {
		return fmt.Errorf("want a number of months from 1 to %d, got %q", worker.MaxUsageRetention, text)
	}
	*r = UsageRetention(months)
	return nil
}

// Instant is a time, or a day, which begins at 00:00 UTC; the zero time when it was not given.
type Instant struct{ time.Time }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (i *Instant) UnmarshalText(text []byte) error {
	for _, form := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(form, string(text)); err == nil {
			i.Time = at.UTC()
			return nil
		}
	}
	return fmt.Errorf("want a time such as 2026-03-01T12:00:00Z, or a day such as 2026-03-01, got %q", text)
}

// Pointer returns the instant; nil when it was not given.
func (i *Instant) Pointer() *time.Time {
	if i.IsZero() {
		return nil
	}
	return &i.Time
}

// ServerURL is http(s)://host, with no / at its end.
type ServerURL string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (s *ServerURL) UnmarshalText(text []byte) error {
	parsed, err := url.Parse(string(text))
	if err != nil || (parsed.Scheme != "http" && parsed.Scheme != "https") || parsed.Host == "" {
		return fmt.Errorf("want http://host:port, got %q", text)
	}
	*s = ServerURL(strings.TrimRight(string(text), "/"))
	return nil
}

// PublicURL is the URL of a subject's page in a portal, with placeholders.
type PublicURL string

// UnmarshalText implements [encoding.TextUnmarshaler].
func (p *PublicURL) UnmarshalText(text []byte) error {
	*p = PublicURL(text)
	for _, subject := range []string{"key_1", "ws_1", "org_1"} {
		link := p.LinkTo(subject)
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

// LinkTo returns the URL of a subject's page; "" when there is none.
func (p PublicURL) LinkTo(externalSubjectID string) string {
	kinds := map[string]string{"key": "keys", "ws": "workspaces", "org": "organizations"}
	prefix, _, _ := strings.Cut(externalSubjectID, "_")
	if p == "" || prefix != "key" && !strings.Contains(string(p), "{kind}") {
		return ""
	}
	return strings.NewReplacer("{id}", externalSubjectID, "{kind}", kinds[prefix]).Replace(string(p))
}
