package db

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// AuditHistory is the audit log of every organization as a [standby.History], on pools whose connections act as ServerRole.
type AuditHistory struct{}

// Newest implements [standby.History].
func (AuditHistory) Newest(ctx context.Context, on *pgxpool.Pool) (newest uuid.UUID, err error) {
	err = NewTenantDB(on).For(nil).QueryRow(ctx, `select id from audit_log order by uuid_send(id) desc limit 1`).Scan(&newest)
	if errors.Is(err, pgx.ErrNoRows) {
		return uuid.Nil, nil
	}
	return newest, err
}

// Has implements [standby.History].
func (AuditHistory) Has(ctx context.Context, on *pgxpool.Pool, row uuid.UUID) (has bool, err error) {
	err = NewTenantDB(on).For(nil).QueryRow(ctx, `select exists (select from audit_log where id = $1)`, row).Scan(&has)
	return has, err
}
