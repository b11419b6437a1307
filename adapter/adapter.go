// Package adapter lets gateways of others ask for enforcement over HTTP in their own forms. What they ask is carried out in the same batches, by the
// same rules and with the same errors as reserveUsage and recordUsage of the GraphQL API.
package adapter

import (
	"context"

	"github.com/vektah/gqlparser/v2/ast"

	"bursar/auth"
	"bursar/db"
	"bursar/enforce"
	"bursar/fault"
	"bursar/graph/bulk"
	"bursar/graph/directive"
	"bursar/graph/keyscope"
	"bursar/graph/model"
	"bursar/graph/request"
	"bursar/graph/sdl"
	"bursar/graph/validate"
	"bursar/id"
)

// Enforcement decides about calls of other gateways. Who asks must be in the context (auth.FromContext). Its errors are faults, which name fields of
// ReserveUsageInput and RecordUsageInput; on any error nothing was granted.
type Enforcement struct {
	enforcer *enforce.Enforcer
	uses     *keyscope.IDUses
	database *db.TenantDB
	schema   *ast.Schema
	reserve  *ast.FieldDefinition // whose @auth says who may ask
}

// New returns an Enforcement. The database is where reservations are looked up by their request ids.
func New(enforcer *enforce.Enforcer, uses *keyscope.IDUses, database *db.TenantDB) *Enforcement {
	schema := sdl.Schema()
	return &Enforcement{
		enforcer: enforcer, uses: uses, database: database, schema: schema, reserve: schema.Mutation.Fields.ForName("reserveUsage"),
	}
}

// authorize refuses callers who may not reserve. The token may be remembered: the statement of a reservation or a report looks at it.
func (e *Enforcement) authorize(ctx context.Context) error {
	principal, err := auth.FromContext(ctx)
	if err != nil {
		return err
	}
	return directive.May(principal, e.reserve)
}

// ReadReserve reads a ReserveUsageInput out of a JSON text.
func (e *Enforcement) ReadReserve(text string) (*model.ReserveUsageInput, error) {
	return bulk.Reserve(e.schema, text)
}

// ReadRecord reads a RecordUsageInput out of a JSON text.
func (e *Enforcement) ReadRecord(text string) (*model.RecordUsageInput, error) {
	return bulk.Record(e.schema, text)
}

// Check answers whether a call would be admitted. It holds nothing.
func (e *Enforcement) Check(ctx context.Context, input *model.CheckUsageInput) (*db.UsageAnswer, error) {
	if err := e.authorize(ctx); err != nil {
		return nil, err
	}
	r, err := request.Check(ctx, input)
	if err != nil {
		return nil, err
	}
	answer, err := e.enforcer.Check(ctx, r)
	return e.uses.Complete(ctx, input.Key, answer, err)
}

// Reserve holds what a call uses at most. A denial is an answer.
func (e *Enforcement) Reserve(ctx context.Context, input *model.ReserveUsageInput) (*db.UsageAnswer, error) {
	if err := e.authorize(ctx); err != nil {
		return nil, err
	}
	r, err := request.Reserve(ctx, input)
	if err != nil {
		return nil, err
	}
	r.Row = db.BriefRow
	answer, err := e.enforcer.Reserve(ctx, r)
	return e.uses.Complete(ctx, input.Key, answer, err)
}

// ReserveHash is Reserve for the API key whose secret has a SHA-256, see [keyscope.OfHash]. The input names no key.
func (e *Enforcement) ReserveHash(ctx context.Context, field, hash string, input *model.ReserveUsageInput) (*db.UsageAnswer, error) {
	if err := e.authorize(ctx); err != nil {
		return nil, err
	}
	scope, err := keyscope.OfHash(ctx, field, hash)
	if err != nil {
		return nil, err
	}
	named := *input
	named.Secret = &hash // stands for the scope, which replaces it
	r, err := request.Reserve(ctx, &named)
	if err != nil {
		return nil, err
	}
	r.Scope, r.Row = scope, db.BriefRow
	return e.enforcer.Reserve(ctx, r)
}

// Release gives back what a reservation holds; one that is closed already is answered as it is.
func (e *Enforcement) Release(ctx context.Context, reservation string) (*db.UsageAnswer, error) {
	principal, err := auth.Confirmed(ctx) // the statement does not look at the token
	if err != nil {
		return nil, err
	}
	if err := directive.May(principal, e.reserve); err != nil {
		return nil, err
	}
	_, reservationID, err := validate.ID("reservationId", reservation, id.Reservation)
	if err != nil {
		return nil, err
	}
	return e.enforcer.Release(ctx, &enforce.HoldRequest{OrganizationID: keyscope.OrganizationOrZero(ctx), ReservationID: reservationID})
}

// Held returns the reservations that have request ids, by these: those that are known.
func (e *Enforcement) Held(ctx context.Context, requestIDs []string) (map[string]string, error) {
	if err := e.authorize(ctx); err != nil {
		return nil, err
	}
	principal, err := auth.FromContext(ctx)
	if err != nil {
		return nil, err
	}
	if principal.OrganizationID == nil {
		return nil, fault.New(fault.Forbidden, "request ids are an organization's: ask with a token of one")
	}
	organizationID := *principal.OrganizationID
	rows, err := db.New().FindReservationsByRequestIDs(ctx, e.database.For(&organizationID),
		&db.FindReservationsByRequestIDsParams{OrganizationID: organizationID, RequestIDs: requestIDs})
	if err != nil {
		return nil, db.Fault(err)
	}
	held := make(map[string]string, len(rows))
	for _, row := range rows {
		held[row.RequestID] = id.Reservation.Format(row.ID)
	}
	return held, nil
}
