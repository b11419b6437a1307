package db

import (
	"cmp"
	"context"
	"errors"
	"io"
	"syscall"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db/confirmed"
)

// Actor is who changes the control plane, by which operation and in which request, for the audit log.
type Actor struct {
	Name      string     // root, a token's or a member's id, or a job's name
	MemberID  *uuid.UUID // who acts, by signing in or with a token that is bound to them; nil: no member
	TokenID   *uuid.UUID // with which they act; nil: none
	Action    string     // the mutation's or the job's name
	RequestID string     // "" when there is none
	Reason    string     // as the caller gave it; "" when there is none
}

// InTx runs a change of the control plane in one transaction whose audit rows name the actor. An error of change rolls
// everything back; errors are returned as faults. It is for the owner's pools; servers have [TenantDB.InTx].
func InTx(ctx context.Context, pool *pgxpool.Pool, actor Actor, change func(tx pgx.Tx) error) error {
	return inTx(ctx, pool, visibility{}, actor, change)
}

func inTx(ctx context.Context, pool *pgxpool.Pool, visible visibility, actor Actor, change func(tx pgx.Tx) error) error {
	connection, err := pool.Acquire(ctx)
	if err != nil {
		return Fault(err)
	}
	defer connection.Release()
	err = pgx.BeginFunc(ctx, connection, func(tx pgx.Tx) error {
		err := New().SetActor(ctx, tx, &SetActorParams{
			Role: visible.role, Organization: visible.organization, Actor: actor.Name, Action: actor.Action, RequestID: actor.RequestID,
			Reason: actor.Reason, MemberID: actor.MemberID, TokenID: actor.TokenID})
		if err == nil && visible.residing != nil {
			_, err = tx.Exec(ctx, `select require_here($1)`, *visible.residing)
		}
		if err != nil {
			return err
		}
		return change(tx)
	})
	return Fault(cmp.Or(err, confirmed.Check(ctx, connection.Conn())))
}

// isConnectionLost tells a connection that broke from errors that the server answered.
func isConnectionLost(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}
