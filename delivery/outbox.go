package delivery

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
	"bursar/mail"
)

// outbox keeps mail instead of sending it.
type outbox struct{ pool *pgxpool.Pool }

// NewOutbox returns a sender that keeps mail in the database, where ListMails and GetMail find it: each idempotency key
// once, as it was first sent.
func NewOutbox(pool *pgxpool.Pool) mail.Sender { return &outbox{pool} }

// Send implements [mail.Sender].
func (o *outbox) Send(ctx context.Context, key string, messages []mail.Message) ([]mail.Result, error) {
	results := make([]mail.Result, len(messages))
	for i, message := range messages {
		kept, err := db.New().KeepMail(ctx, o.pool, &db.KeepMailParams{
			IdempotencyKey: fmt.Sprintf("%s/%d", key, i), Recipient: message.To, Subject: message.Subject,
			HTML: message.HTML, Text: message.Text,
		})
		if err != nil {
			return nil, fmt.Errorf("keep a mail: %w", err)
		}
		results[i].ProviderID = kept.String()
	}
	return results, nil
}

// ListMails returns what [mail.NewOutbox] lists kept mails with. An id of no mail's form begins at the newest.
func ListMails(pool *pgxpool.Pool) func(ctx context.Context, limit int, before string) ([]mail.Kept, error) {
	return func(ctx context.Context, limit int, before string) ([]mail.Kept, error) {
		rows, err := db.New().ListMails(ctx, pool, &db.ListMailsParams{Before: parseMailID(before), Number: int32(limit)})
		if err != nil {
			return nil, fmt.Errorf("list kept mails: %w", err)
		}
		mails := make([]mail.Kept, len(rows))
		for i, row := range rows {
			mails[i] = keptMail(row)
		}
		return mails, nil
	}
}

// GetMail returns what [mail.NewOutbox] gets a kept mail with: nil for an id that no mail has.
func GetMail(pool *pgxpool.Pool) func(ctx context.Context, mailID string) (*mail.Kept, error) {
	return func(ctx context.Context, mailID string) (*mail.Kept, error) {
		parsed := parseMailID(mailID)
		if parsed == nil {
			return nil, nil
		}
		row, err := db.New().FindMail(ctx, pool, *parsed)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("find a kept mail: %w", err)
		}
		kept := keptMail(row)
		return &kept, nil
	}
}

// parseMailID returns the id of a kept mail; nil for a text that is none.
func parseMailID(text string) *uuid.UUID {
	parsed, err := uuid.Parse(text)
	if err != nil {
		return nil
	}
	return &parsed
}

func keptMail(row *db.OutboxMail) mail.Kept {
	return mail.Kept{
		ID: row.ID.String(), To: row.Recipient, Subject: row.Subject, HTML: row.HTML, Text: row.Text, SentAt: row.SentAt,
	}
}
