package control

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/graph/fingerprint"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// outageKey is an element of gateway_outages.keys.
type outageKey struct {
	APIKeyID string `json:"apiKeyId"`
	Calls    int64  `json:"calls"`
	Cost     string `json:"cost"` // dollars
}

// ReportOutage keeps what a gateway let go on while Bursar did not answer. The organization is that of the keys.
func (c *Changes) ReportOutage(ctx context.Context, input model.ReportOutageInput) (*model.ReportOutagePayload, error) {
	costNanos, err := validate.ReportOutage(&input)
	if err != nil {
		return nil, err
	}
	params := &db.CreateGatewayOutageParams{BeganAt: input.BeganAt, EndedAt: input.EndedAt, Calls: input.Calls, CostNanos: costNanos}
	if params.OrganizationID, params.Keys, err = c.outageKeys(ctx, input.Keys); err != nil {
		return nil, err
	}
	claim := &db.ClaimControlRequestParams{OrganizationID: params.OrganizationID, RequestID: input.RequestID,
		Fingerprint: fingerprint.Of("reportOutage", params)}
	payload := &model.ReportOutagePayload{}
	_, payload.Replayed, err = c.once(ctx, claim, func(tx pgx.Tx, made *db.ControlRequest) error {
		outageID, err := c.Queries.CreateGatewayOutage(ctx, tx, params)
		made.ObjectID = &outageID
		return err
	}, func(pgx.Tx, uuid.UUID) error { return nil })
	if err != nil {
		return nil, err
	}
	return payload, nil
}

// outageKeys returns the organization of the keys of an outage, and what is kept of them.
func (c *Changes) outageKeys(ctx context.Context, given []*model.OutageKeyInput) (organizationID uuid.UUID, kept string, err error) {
	ids, rows := make([]string, len(given)), make([]outageKey, len(given))
	for i, key := range given {
		ids[i] = key.APIKeyID
	}
	keys, err := c.find.APIKeys(ctx, "keys", ids)
	if err != nil {
		return uuid.Nil, "", err
	}
	for i, key := range keys {
		rows[i] = outageKey{APIKeyID: key.ExternalID(), Calls: given[i].Calls, Cost: given[i].Cost.String()}
	}
	text, err := json.Marshal(rows)
	return keys[0].OrganizationID, string(text), err
}
