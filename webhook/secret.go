// Package webhook tells addresses of alerts over HTTP: where a webhook may be, how what is sent is signed, and the form that it has. What is due,
// and what became of it, is package dispatch's.
package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// secretSize is how many bytes a secret has; Standard Webhooks ask for 24 to 64.
const secretSize = 32

// Secret is what signs what is sent to a webhook.
type Secret []byte

// NewSecret returns a random secret.
func NewSecret() Secret {
	secret := make(Secret, secretSize)
	_, _ = rand.Read(secret) // it never fails
	return secret
}

// Text returns the secret as receivers configure it: whsec_ and its base64.
func (s Secret) Text() string { return "whsec_" + base64.StdEncoding.EncodeToString(s) }

// Sign sets the headers of Standard Webhooks on a request: the message's id, which each attempt repeats, the instant of this attempt, and a signature
// by each of the secrets.
func Sign(header http.Header, messageID string, at time.Time, body []byte, secrets ...Secret) error {
	signatures := make([]string, len(secrets))
	for i, secret := range secrets {
		signer, err := standardwebhooks.NewWebhookRaw(secret)
		if err != nil {
			return fmt.Errorf("sign a webhook's message: %w", err)
		}
		if signatures[i], err = signer.Sign(messageID, at, body); err != nil {
			return fmt.Errorf("sign a webhook's message: %w", err)
		}
	}
	header.Set(standardwebhooks.HeaderWebhookID, messageID)
	header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	header.Set(standardwebhooks.HeaderWebhookSignature, strings.Join(signatures, " "))
	return nil
}
