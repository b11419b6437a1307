// Package lost says what to do when the answer that showed a secret, which is shown once, did not arrive.
package lost

import (
	"fmt"

	"bursar/db"
)

// Shown returns the secret that an answer shows, or, in a replayed answer, what to do about the one that the first showed.
func Shown(secret string, replayed bool, lost string) (shown, message *string) {
	if replayed {
		return nil, &lost
	}
	return &secret, nil
}

// KeySecret says what to do when the answer that showed a key's secret was lost.
func KeySecret(key *db.APIKey, prefix string) string {
	shown := fmt.Sprintf("The secret %s… was shown in the first answer and cannot be shown again", prefix)
	switch {
	case key.RevokedAt != nil:
		return shown + "; the API key was revoked since."
	case key.Prefix != prefix:
		return shown + "; the API key was rotated since, and has another one."
	}
	return fmt.Sprintf("%s. If that answer was lost, call rotateApiKey with secretLost: true, expectedPrefix: %q and another requestId: "+
		"this secret ends, and one before it goes on working for the transition.", shown, prefix)
}

// Token says what to do when the answer that showed an access token was lost.
func Token(token *db.AccessToken) string {
	return fmt.Sprintf("The token %s… was shown in the first answer and cannot be shown again. If that answer was lost, revoke the token "+
		"with revokeAccessToken and create another with another requestId.", token.Prefix)
}
