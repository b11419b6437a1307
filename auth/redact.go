package auth

import (
	"regexp"
	"strings"
)

// Hidden stands for the part of a secret that is taken out of a text.
const Hidden = "[secret]"

var secretForms = regexp.MustCompile(strings.Join([]string{
	`\b(bs[rt]_)[0-9A-Za-z]{12,}`,                              // API keys and access tokens, cut ones too
	`\b(root_)[A-Z2-7]{20,}`,                                   // root tokens that bursar dev makes
	`\b(whsec_)[0-9A-Za-z+/=_-]{8,}`,                           // signing secrets of webhooks
	`\b(re_)[0-9A-Za-z]{8,}_?[0-9A-Za-z]{8,}`,                  // Resend's API keys
	`\b(eyJ)[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*`, // JSON web tokens
	`(://[^\s:/@]*:)[^\s@/]+(?:@)`,                             // passwords in URLs
}, "|"))

// Redact takes out of a text what has the form of a secret. It is the last line: nothing that writes errors or logs is given
// secrets, but clients put them where they do not belong.
func Redact(text string) string {
	if !suspicious(text) {
		return text
	}
	return secretForms.ReplaceAllStringFunc(text, func(found string) string {
		for _, kept := range secretForms.FindStringSubmatch(found)[1:] {
			if strings.HasSuffix(found, "@") && kept != "" {
				return kept + Hidden + "@"
			}
			if kept != "" {
				return kept + Hidden
			}
		}
		return Hidden
	})
}

// Redactor returns Redact for texts that may also hold one of the given secrets, whatever their form. Empty ones count for
// nothing.
func Redactor(secrets ...string) func(text string) string {
	var pairs []string
	for _, secret := range secrets {
		if secret != "" {
			pairs = append(pairs, secret, Hidden)
		}
	}
	exactly := strings.NewReplacer(pairs...)
	return func(text string) string { return Redact(exactly.Replace(text)) }
}

// suspicious tells quickly of most texts that there is nothing in them.
func suspicious(text string) bool {
	for _, sign := range []string{"bsr_", "bst_", "root_", "whsec_", "re_", "eyJ", "://"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

var webTokenForm = regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+`)

// HoldsSecret tells whether a whole API key, access token or JSON web token stands in a text. The checksums of our own leave no
// doubt.
func HoldsSecret(text string) bool {
	if strings.Contains(text, "eyJ") && webTokenForm.MatchString(text) {
		return true
	}
	for _, prefix := range []string{APIKeyPrefix, AccessTokenPrefix} {
		length := len(prefix) + randomDigits + checksumDigits
		for rest := text; ; {
			_, after, found := strings.Cut(rest, prefix)
			if !found {
				break
			}
			if begin := len(rest) - len(after) - len(prefix); begin+length <= len(rest) && IsSecret(rest[begin:begin+length], prefix) {
				return true
			}
			rest = after
		}
	}
	return false
}
