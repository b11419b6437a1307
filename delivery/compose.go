package delivery

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/id"
	"bursar/mail"
)

// assemble writes the next new call, of what has waited longest. Nil when nothing is due, or nothing of it can be sent.
func (d *Dispatcher) assemble(ctx context.Context, tx pgx.Tx) (*mailCall, error) {
	due, err := db.New().ListDueDeliveries(ctx, tx, d.mailsPerCall)
	if err != nil || len(due) == 0 {
		return nil, err
	}
	told, err := d.stories(ctx, tx, due)
	if err != nil {
		return nil, err
	}
	assembly := &assembly{}
	for _, bundle := range apart(bundles(due, told)) {
		message, reason := d.write(bundle)
		if reason == "" {
			if err := assembly.add(bundle, message); err != nil {
				return nil, err
			}
			continue
		}
		assembly.refuse(bundle, reason)
		d.logger.WarnContext(ctx, "an alert is not mailed", "alert", id.Alert.Format(bundle.lead().AlertID), "reason", reason)
	}
	return assembly.store(ctx, tx, d)
}

// write returns the mail of a bundle, or why there is none: no attempt is made then.
func (d *Dispatcher) write(b *bundle) (message mail.Message, reason string) {
	if reason := b.refusal(); reason != "" {
		return message, reason
	}
	message, err := b.tell(d.linkTo).Message(d.from, b.lead().Email)
	if err != nil {
		return message, storable(err.Error())
	}
	return message, ""
}

// assembly collects the rows of a new call.
type assembly struct {
	attempts int32 // the least that any of its deliveries has behind it
	mails    []*db.Mail
	messages []mail.Message
	carried  db.AssignMailsParams
	refused  db.RefuseDeliveriesParams
}

func (a *assembly) add(b *bundle, message mail.Message) error {
	stored, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("write the mail of alert %s: %w", id.Alert.Format(b.lead().AlertID), err)
	}
	if len(a.mails) == 0 {
		a.attempts = b.lead().Attempts
	}
	a.mails = append(a.mails, &db.Mail{OrganizationID: b.lead().OrganizationID, ID: b.mailID, Message: stored})
	a.messages = append(a.messages, message)
	for _, delivery := range b.deliveries {
		a.attempts = min(a.attempts, delivery.Attempts)
		a.carried.MailIDs = append(a.carried.MailIDs, b.mailID)
		a.carried.OrganizationIDs = append(a.carried.OrganizationIDs, delivery.OrganizationID)
		a.carried.AlertIDs = append(a.carried.AlertIDs, delivery.AlertID)
		a.carried.Purposes = append(a.carried.Purposes, string(delivery.Purpose))
		a.carried.Addresses = append(a.carried.Addresses, delivery.Address)
	}
	return nil
}

func (a *assembly) refuse(b *bundle, reason string) {
	for _, delivery := range b.deliveries {
		a.refused.LastErrors = append(a.refused.LastErrors, reason)
		a.refused.OrganizationIDs = append(a.refused.OrganizationIDs, delivery.OrganizationID)
		a.refused.AlertIDs = append(a.refused.AlertIDs, delivery.AlertID)
		a.refused.Purposes = append(a.refused.Purposes, string(delivery.Purpose))
		a.refused.Addresses = append(a.refused.Addresses, delivery.Address)
	}
}

// store writes everything down before the call is made.
func (a *assembly) store(ctx context.Context, tx pgx.Tx, d *Dispatcher) (*mailCall, error) {
	queries := db.New()
	if len(a.refused.AlertIDs) > 0 {
		if err := queries.RefuseDeliveries(ctx, tx, &a.refused); err != nil {
			return nil, err
		}
	}
	if len(a.mails) == 0 {
		return nil, nil
	}
	row, err := queries.CreateMailCall(ctx, tx, &db.CreateMailCallParams{Attempts: a.attempts + 1, Lease: d.lease()})
	if err != nil {
		return nil, err
	}
	contents := &db.CreateMailsParams{CallID: row.ID}
	for _, m := range a.mails {
		contents.OrganizationIDs = append(contents.OrganizationIDs, m.OrganizationID)
		contents.MailIDs = append(contents.MailIDs, m.ID)
		contents.Messages = append(contents.Messages, string(m.Message))
	}
	if err := queries.CreateMails(ctx, tx, contents); err != nil {
		return nil, err
	}
	if err := queries.AssignMails(ctx, tx, &a.carried); err != nil {
		return nil, err
	}
	return &mailCall{MailCall: row, mails: a.mails, messages: a.messages}, nil
}

// newMailID is the id of a mail that is about to be written, by which the provider's events name it.
func newMailID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
