package delivery

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/id"
	"bursar/mail"
)

// compose stores the next new call, of deliveries of the organizations in turn. Nil when nothing is due, or none of it can be sent.
func (d *Dispatcher) compose(ctx context.Context, tx pgx.Tx) (*call, error) {
	if err := db.New().DelayMails(ctx, tx); err != nil {
		return nil, err
	}
	due, err := db.New().ListDueDeliveries(ctx, tx, d.mailsPerCall)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	alerts, err := findAlertDetails(ctx, tx, due)
	if err != nil {
		return nil, err
	}
	draft := &draft{}
	for _, digest := range splitStale(digestsOf(due, alerts)) {
		message, reason := d.write(digest)
		if reason == "" {
			if err := draft.add(digest, message); err != nil {
				return nil, err
			}
			continue
		}
		draft.refuse(digest, reason)
		d.logger.WarnContext(ctx, "an alert is not mailed", "alert", id.Alert.Format(digest.lead().AlertID), "reason", reason)
	}
	if err := draft.count(ctx, tx, due); err != nil {
		return nil, err
	}
	return draft.store(ctx, tx, d)
}

// write returns the mail of a digest, or why there is none: no attempt is made then.
func (d *Dispatcher) write(g *digest) (message mail.Message, reason string) {
	if reason := g.unsendable(); reason != "" {
		return message, reason
	}
	message, err := g.content(d.linkTo).Message(d.from, g.lead().Email)
	if err != nil {
		return message, Storable(err.Error())
	}
	return message, ""
}

// draft collects the rows of a new call.
type draft struct {
	attempts int32 // the fewest that any of its deliveries has had
	mails    []*db.Mail
	messages []mail.Message
	carried  db.AssignMailsParams
	refused  db.RefuseDeliveriesParams
}

func (r *draft) add(g *digest, message mail.Message) error {
	stored, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("write the mail of alert %s: %w", id.Alert.Format(g.lead().AlertID), err)
	}
	if len(r.mails) == 0 {
		r.attempts = g.lead().Attempts
	}
	r.mails = append(r.mails, &db.Mail{OrganizationID: g.lead().OrganizationID, ID: g.mailID, Message: stored})
	r.messages = append(r.messages, message)
	for _, delivery := range g.deliveries {
		r.attempts = min(r.attempts, delivery.Attempts)
		r.carried.MailIDs = append(r.carried.MailIDs, g.mailID)
		r.carried.OrganizationIDs = append(r.carried.OrganizationIDs, delivery.OrganizationID)
		r.carried.AlertIDs = append(r.carried.AlertIDs, delivery.AlertID)
		r.carried.Purposes = append(r.carried.Purposes, string(delivery.Purpose))
		r.carried.Addresses = append(r.carried.Addresses, delivery.Address)
	}
	return nil
}

func (r *draft) refuse(g *digest, reason string) {
	for _, delivery := range g.deliveries {
		r.refused.LastErrors = append(r.refused.LastErrors, reason)
		r.refused.OrganizationIDs = append(r.refused.OrganizationIDs, delivery.OrganizationID)
		r.refused.AlertIDs = append(r.refused.AlertIDs, delivery.AlertID)
		r.refused.Purposes = append(r.refused.Purposes, string(delivery.Purpose))
		r.refused.Addresses = append(r.refused.Addresses, delivery.Address)
	}
}

// count notes that each organization of which something was due had its turn, in the order of the rows, and how many mails of the call
// are its.
func (r *draft) count(ctx context.Context, tx pgx.Tx, due []*db.ListDueDeliveriesRow) error {
	turns, mails := map[uuid.UUID]int32{}, map[uuid.UUID]int32{}
	for _, row := range due {
		if organizationID := row.AlertDelivery.OrganizationID; turns[organizationID] == 0 {
			turns[organizationID] = int32(len(turns)) + 1 //nolint:gosec // at most as many as rows
		}
	}
	for _, m := range r.mails {
		mails[m.OrganizationID]++
	}
	params := &db.CountMailsParams{
		// in this order the rows are locked, everywhere
		OrganizationIDs: slices.SortedFunc(maps.Keys(turns), func(x, y uuid.UUID) int { return bytes.Compare(x[:], y[:]) }),
	}
	for _, organizationID := range params.OrganizationIDs {
		params.Turns, params.Mails = append(params.Turns, turns[organizationID]), append(params.Mails, mails[organizationID])
	}
	return db.New().CountMails(ctx, tx, params)
}

// store writes the rows, before the call is made. Nil when nothing is left to send.
func (r *draft) store(ctx context.Context, tx pgx.Tx, d *Dispatcher) (*call, error) {
	queries := db.New()
	if len(r.refused.AlertIDs) > 0 {
		if err := queries.RefuseDeliveries(ctx, tx, &r.refused); err != nil {
			return nil, err
		}
	}
	if len(r.mails) == 0 {
		return nil, nil
	}
	row, err := queries.CreateMailCall(ctx, tx, &db.CreateMailCallParams{Attempts: r.attempts + 1, Lease: d.lease()})
	if err != nil {
		return nil, err
	}
	contents := &db.CreateMailsParams{CallID: row.ID}
	for _, m := range r.mails {
		contents.OrganizationIDs = append(contents.OrganizationIDs, m.OrganizationID)
		contents.MailIDs = append(contents.MailIDs, m.ID)
		contents.Messages = append(contents.Messages, string(m.Message))
	}
	if err := queries.CreateMails(ctx, tx, contents); err != nil {
		return nil, err
	}
	if err := queries.AssignMails(ctx, tx, &r.carried); err != nil {
		return nil, err
	}
	return &call{MailCall: row, mails: r.mails, messages: r.messages}, nil
}

// newMailID returns the id of a mail that is about to be written. The provider's events name the mail by it.
func newMailID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
