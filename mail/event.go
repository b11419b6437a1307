package mail

import "errors"

// The tags of a mail. By the mail's own id a delivery event is known to be
// about one of ours, also when the provider's answer, and with it the
// provider's id, was lost.
const (
	// IDTag holds the mail's own id.
	IDTag = "mail_id"
	// AlertTag holds the id of the alert that a mail is about, as clients know it.
	AlertTag        = "alert_id"
	organizationTag = "organization"
)

// ErrUnknownMail is a delivery event about a mail that nobody knows (yet).
var ErrUnknownMail = errors.New("mail: no delivery has this provider id")

// Event is what became of a mail after the provider accepted it.
type Event struct {
	ProviderID string
	Status     string // DELIVERED, BOUNCED, COMPLAINED or FAILED
	Reason     string // why, for BOUNCED and FAILED; "" when the provider gave none
	MailID     string // the mail's own id; "" when the mail is not tagged with one
	Suppress   bool   // whether the address should not be written to again: it bounced for good or complained
}
