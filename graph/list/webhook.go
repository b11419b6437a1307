package list

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// WebhookDeliveries returns a page of what a webhook was told, newest first. The same page of the other webhooks of its batch is read with it.
func (l *Lists) WebhookDeliveries(
	ctx context.Context, webhook *db.Webhook, statuses []db.WebhookDeliveryStatus, part page.Arguments,
) (*model.WebhookDeliveryConnection, error) {
	p, err := page.New(part)
	if err != nil {
		return nil, err
	}
	var names []string // nil: all
	for _, status := range statuses {
		names = append(names, string(status))
	}
	webhookID := func(w *db.Webhook) *uuid.UUID { return &w.ID }
	read := listRead{fmt.Sprint("deliveries ", names), p.Number, p.Backward, validate.ValueOr(p.After, uuid.Nil), validate.ValueOr(p.Before, uuid.Nil)}
	rows, err := loader.Load(ctx, webhook, read, func(all []*db.Webhook) (map[uuid.UUID][]*db.WebhookDelivery, error) {
		rows, err := l.Queries.ListWebhookDeliveries(ctx, l.Within(ctx), &db.ListWebhookDeliveriesParams{
			WebhookIDs: loader.Distinct(all, webhookID), Statuses: names, After: p.After, Before: p.Before, Backward: p.Backward, Number: p.Number})
		return loader.Group(loader.Loaded(ctx, rows), func(d *db.WebhookDelivery) uuid.UUID { return d.WebhookID }), err
	})
	if err != nil {
		return nil, err
	}
	connection := &model.WebhookDeliveryConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(rows[webhook.ID], p,
		func(d *db.WebhookDelivery) string { return page.CursorOf(d.ID) },
		func(cursor string, node *db.WebhookDelivery) *model.WebhookDeliveryEdge {
			return &model.WebhookDeliveryEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) {
		totals, err := loader.Load(ctx, webhook, "total of "+read.what, func(all []*db.Webhook) (map[uuid.UUID]int64, error) {
			rows, err := l.Queries.CountWebhookDeliveries(ctx, l.Within(ctx), &db.CountWebhookDeliveriesParams{
				WebhookIDs: loader.Distinct(all, webhookID), Statuses: names})
			totals := make(map[uuid.UUID]int64, len(rows))
			for _, row := range rows {
				totals[row.WebhookID] = row.Number
			}
			return totals, err
		})
		return totals[webhook.ID], err
	})
	return connection, err
}
