package db

import (
	"bytes"
	"context"

	"github.com/jackc/pgx/v5"

	"bursar/fault"
)

// Once runs a change of the control plane, unless its request id was used before with the same contents: then it changes nothing, and
// returns what was stored of the first time, replayed. change says in made what it has created or changed. A request id that was used
// with other contents is IDEMPOTENCY_MISMATCH. Of concurrent changes with one request id all but the first wait for it.
//
// The request id is claimed before anything is locked, so that those who wait hold nothing that the first needs. A nil claim is a
// change without a request id: it runs each time.
func Once(ctx context.Context, tx pgx.Tx, claim *ClaimControlRequestParams, change func(made *ControlRequest) error) (made *ControlRequest, replayed bool, err error) {
	made = &ControlRequest{}
	if claim == nil {
		return made, false, change(made)
	}
	stored, err := New().ClaimControlRequest(ctx, tx, claim)
	switch {
	case err != nil:
		return nil, false, err
	case !bytes.Equal(stored.Fingerprint, claim.Fingerprint):
		return nil, false, fault.ErrRequestIDReused
	case stored.ObjectID != nil:
		return stored, true, nil
	}
	if err := change(made); err != nil {
		return nil, false, err
	}
	return made, false, New().CompleteControlRequest(ctx, tx, &CompleteControlRequestParams{
		OrganizationID: claim.OrganizationID, RequestID: claim.RequestID, ObjectID: *made.ObjectID,
		SecretPrefix: made.SecretPrefix, TransitionEndsAt: made.TransitionEndsAt,
	})
}
