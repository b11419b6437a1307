package list

import (
	"context"
	"encoding/binary"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/page"
	"bursar/graph/validate"
)

// deliveryPosition is where a delivery stands in a list: by when it was queued, and what identifies it.
type deliveryPosition struct {
	queuedAt time.Time
	alertID  uuid.UUID
	purpose  db.DeliveryPurpose
	address  string
}

// deliveryList is the checked input of alertDeliveries.
type deliveryList struct {
	page.Of[deliveryPosition]
	organizationID *uuid.UUID // null for the operator: deliveries of every organization
	createdByID    *uuid.UUID // only those about keys that this member created
	statuses       []string   // only those in one of these; nil all
	email          *string
	from, to       *time.Time
}

// AlertDeliveries returns a page of deliveries of mail about alerts.
func (l *Lists) AlertDeliveries(ctx context.Context, filter *model.AlertDeliveryFilter, part page.Arguments) (*model.AlertDeliveryConnection, error) {
	list, err := l.newDeliveryList(ctx, filter, part)
	if err != nil {
		return nil, err
	}
	rows, err := l.listDeliveries(ctx, list)
	if err != nil {
		return nil, db.Fault(err)
	}
	connection := &model.AlertDeliveryConnection{}
	connection.Edges, connection.Nodes, connection.PageInfo = page.Connect(loader.Loaded(ctx, rows), list.Of, cursorOfDelivery,
		func(cursor string, node *db.AlertDelivery) *model.AlertDeliveryEdge {
			return &model.AlertDeliveryEdge{Cursor: cursor, Node: node}
		})
	connection.TotalCount, err = page.Total(ctx, func() (int64, error) { return l.countDeliveries(ctx, list) })
	return connection, err
}

// newDeliveryList checks the arguments of alertDeliveries.
func (l *Lists) newDeliveryList(ctx context.Context, filter *model.AlertDeliveryFilter, part page.Arguments) (*deliveryList, error) {
	p, err := page.Cut(part, deliveryAtCursor)
	list := &deliveryList{Of: p, organizationID: caller.Organization(ctx), createdByID: caller.OwnKeysOnly(ctx)}
	if filter == nil {
		return list, err
	}
	if filter.Statuses != nil {
		list.statuses = make([]string, len(filter.Statuses))
		for i, status := range filter.Statuses {
			list.statuses[i] = string(status)
		}
	}
	list.email, list.from, list.to = validate.Given(filter.Email), filter.From, filter.To
	var ofErr error
	list.organizationID, ofErr = l.find.ListedOrganization(ctx, "filter.organizationId", validate.Given(filter.OrganizationID))
	return list, validate.Together(err, validate.AlertDeliveryFilter(filter), ofErr)
}

func (l *Lists) listDeliveries(ctx context.Context, list *deliveryList) ([]*db.AlertDelivery, error) {
	params := &db.ListAlertDeliveriesParams{
		OrganizationID: list.organizationID, CreatedByID: list.createdByID, Statuses: list.statuses, Email: list.email,
		FromTime: list.from, ToTime: list.to, Descending: !list.Backward, Number: list.Number,
	}
	if newer := list.Before; newer != nil {
		params.AboveTime, params.AboveAlertID, params.AbovePurpose, params.AboveAddress = &newer.queuedAt, &newer.alertID, &newer.purpose, &newer.address
	}
	if older := list.After; older != nil {
		params.BelowTime, params.BelowAlertID, params.BelowPurpose, params.BelowAddress = &older.queuedAt, &older.alertID, &older.purpose, &older.address
	}
	return l.Queries.ListAlertDeliveries(ctx, l.Within(ctx), params)
}

func (l *Lists) countDeliveries(ctx context.Context, list *deliveryList) (int64, error) {
	return l.Queries.CountAlertDeliveries(ctx, l.Within(ctx), &db.CountAlertDeliveriesParams{
		OrganizationID: list.organizationID, CreatedByID: list.createdByID, Statuses: list.statuses, Email: list.email,
		FromTime: list.from, ToTime: list.to,
	})
}

// AlertOf returns the alert that a delivery is of. Those of its batch are read with it.
func (l *Lists) AlertOf(ctx context.Context, delivery *db.AlertDelivery) (*db.Alert, error) {
	return loader.Refer(ctx, delivery, "alert", func(d *db.AlertDelivery) *uuid.UUID { return &d.AlertID },
		func(a *db.Alert) uuid.UUID { return a.ID },
		func(ids []uuid.UUID) ([]*db.Alert, error) {
			return l.Queries.FindAlerts(ctx, l.Within(ctx), &db.FindAlertsParams{IDs: ids, OrganizationID: caller.Organization(ctx)})
		})
}

// What a cursor of a delivery is made of: the microseconds since 1970 at which it was queued, the alert's id, a byte for the purpose, and the
// address.
const (
	timeLength      = 8
	purposeAt       = timeLength + idLength
	forAlert   byte = 'a'
	forReset   byte = 'r'
)

func cursorOfDelivery(d *db.AlertDelivery) string {
	position := binary.BigEndian.AppendUint64(nil, uint64(d.QueuedAt.UnixMicro())) //nolint:gosec // deliveryAtCursor converts it back
	position = append(position, d.AlertID[:]...)
	if d.Purpose == db.DeliveryPurposeRESET {
		position = append(position, forReset)
	} else {
		position = append(position, forAlert)
	}
	return page.Encode(append(position, d.Address...))
}

// deliveryAtCursor reads a cursor of a list of deliveries; false for any other text.
func deliveryAtCursor(cursor string) (p deliveryPosition, ok bool) {
	position, ok := page.Decode(cursor)
	if !ok || len(position) <= purposeAt {
		return p, false
	}
	p.queuedAt = time.UnixMicro(int64(binary.BigEndian.Uint64(position))) //nolint:gosec // cursorOfDelivery converted it
	copy(p.alertID[:], position[timeLength:])
	p.purpose = db.DeliveryPurposeALERT
	if position[purposeAt] == forReset {
		p.purpose = db.DeliveryPurposeRESET
	}
	p.address = string(position[purposeAt+1:])
	year := p.queuedAt.UTC().Year() // of PostgreSQL's years, so that a made-up one is refused here
	return p, year >= 1970 && year <= 9999 && utf8.ValidString(p.address) && !strings.ContainsRune(p.address, 0) && cursorOfDelivery(&db.AlertDelivery{
		QueuedAt: p.queuedAt, AlertID: p.alertID, Purpose: p.purpose, Address: p.address}) == cursor
}
