package replay

import (
	"context"

	"github.com/shopspring/decimal"

	"bursar/auth"
)

// holdSeconds is a reservation's time to live, for those that are never recorded because the replay was stopped.
const holdSeconds = 60

// operation is a GraphQL document of one operation, and its name.
type operation struct{ name, document string }

// The operations select only fields that are read: large answers cost the server more than its decisions.
func reserveUsage() operation {
	return operation{name: "ReserveUsage", document: `mutation ReserveUsage($input: ReserveUsageInput!) {
  reserveUsage(input: $input) { reservation { id } decision { denials { reason } } }
}`}
}

func recordUsage() operation {
	return operation{name: "RecordUsage", document: `mutation RecordUsage($input: RecordUsageInput!) {
  recordUsage(input: $input) { replayed }
}`}
}

func listAPIKeys() operation {
	return operation{name: "ApiKeys", document: `query ApiKeys($after: String) {
  apiKeys(first: 50, after: $after) { edges { node { id name prefix status } } pageInfo { hasNextPage endCursor } }
}`}
}

func listAlerts() operation {
	return operation{name: "Alerts", document: `query Alerts($first: Int!, $after: String) {
  alerts(first: $first, after: $after) {
    edges { node { id deliveries { status } } }
    pageInfo { hasNextPage endCursor }
  }
}`}
}

// apiKey is a key that requests may be made with.
type apiKey struct {
	ID, Name, Prefix, Status string
	secret                   string // "": not known
}

// alert is an alert with the status of its mails.
type alert struct {
	ID         string
	Deliveries []struct{ Status string }
}

// connection is a page of a list.
type connection[N any] struct {
	Edges    []struct{ Node N }
	PageInfo struct {
		HasNextPage bool
		EndCursor   *string
	}
}

// reserve holds a call's estimate: of the key's secret as a gateway does, or where it is not known of its id, with an administrator's token,
// which accepts ids. Either the reservation's id is set, or the reasons of the denial are.
func (c *client) reserve(ctx context.Context, requestID string, called *call) (reservationID string, reasons []string, err error) {
	var data struct {
		ReserveUsage struct {
			Reservation *struct{ ID string }
			Decision    struct{ Denials []struct{ Reason string } }
		}
	}
	input := map[string]any{
		"requestId":  requestID,
		"ttlSeconds": holdSeconds,
		"estimate": map[string]any{
			"tokens": called.estimatedTokens(),
			"cost":   dollars(called.estimatedNanos()).String(),
		},
	}
	if called.user != "" {
		input["provider"], input["model"], input["metadata"] = called.model.provider, called.model.name, map[string]any{"user": called.user}
	}
	if called.key.secret != "" {
		input["secret"] = called.key.secret
	} else {
		input["key"] = called.key.ID
	}
	err = c.by(called).do(ctx, reserveUsage(), map[string]any{"input": input}, &data)
	if err != nil {
		return "", nil, err
	}
	for _, denial := range data.ReserveUsage.Decision.Denials {
		reasons = append(reasons, denial.Reason)
	}
	switch reservation := data.ReserveUsage.Reservation; {
	case reservation != nil:
		return reservation.ID, nil, nil
	case len(reasons) == 0:
		return "", nil, &failure{code: codeMalformed, message: "neither a reservation nor a reason of its denial"}
	}
	return "", reasons, nil
}

// record settles a reservation with the call's actual usage.
func (c *client) record(ctx context.Context, requestID, reservationID string, called *call, cost decimal.Decimal) error {
	var data struct {
		RecordUsage struct{ Replayed bool }
	}
	return c.by(called).do(ctx, recordUsage(), map[string]any{"input": map[string]any{
		"reservationId": reservationID,
		"requestId":     requestID,
		"inputTokens":   called.inputTokens,
		"outputTokens":  called.outputTokens,
		"cost":          cost.String(),
		"provider":      called.model.provider,
		"model":         called.model.name,
	}}, &data)
}

// usableKeys returns the keys that are visible to the token and are ACTIVE or EXHAUSTED, with those of some secrets that they have now, if there is
// a token to use these with.
func (c *client) usableKeys(ctx context.Context, secrets []string) ([]apiKey, error) {
	known := map[string]string{} // by prefix
	for _, secret := range secrets {
		if prefix, ok := auth.PrefixOf(secret, auth.APIKeyPrefix); ok && c.gateway != nil {
			known[prefix] = secret
		}
	}
	var keys []apiKey
	var after *string
	for {
		var data struct{ APIKeys connection[apiKey] }
		if err := c.do(ctx, listAPIKeys(), map[string]any{"after": after}, &data); err != nil {
			return nil, err
		}
		for _, edge := range data.APIKeys.Edges {
			if edge.Node.Status == "ACTIVE" || edge.Node.Status == "EXHAUSTED" {
				edge.Node.secret = known[edge.Node.Prefix]
				keys = append(keys, edge.Node)
			}
		}
		if page := data.APIKeys.PageInfo; !page.HasNextPage || page.EndCursor == nil {
			return keys, nil
		}
		after = data.APIKeys.PageInfo.EndCursor
	}
}

// newestAlert returns the id of the alert that was raised last, "" when there is none.
func (c *client) newestAlert(ctx context.Context) (string, error) {
	var data struct{ Alerts connection[alert] }
	if err := c.do(ctx, listAlerts(), map[string]any{"first": 1}, &data); err != nil {
		return "", err
	}
	if len(data.Alerts.Edges) == 0 {
		return "", nil
	}
	return data.Alerts.Edges[0].Node.ID, nil
}

// alertsSince returns the alerts that were raised after one, newest first; "" is all of them.
func (c *client) alertsSince(ctx context.Context, id string) ([]alert, error) {
	var alerts []alert
	var after *string
	for {
		var data struct{ Alerts connection[alert] }
		if err := c.do(ctx, listAlerts(), map[string]any{"first": 50, "after": after}, &data); err != nil {
			return nil, err
		}
		for _, edge := range data.Alerts.Edges {
			if edge.Node.ID == id {
				return alerts, nil
			}
			alerts = append(alerts, edge.Node)
		}
		if page := data.Alerts.PageInfo; !page.HasNextPage || page.EndCursor == nil {
			return alerts, nil
		}
		after = data.Alerts.PageInfo.EndCursor
	}
}
