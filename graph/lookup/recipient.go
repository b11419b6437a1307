package lookup

import (
	"cmp"
	"context"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/selection"
)

// RecipientsOf returns the recipients of a subject's alerts. Those of the other subjects of its batch are read with them.
func RecipientsOf[V any, P subjectRow[V]](ctx context.Context, f *Finder, row *V) ([]*db.SubjectRecipient, error) {
	fields := len(selection.Of(ctx))
	bySubject, err := loader.Load(ctx, row, "recipients", func(rows []*V) (map[uuid.UUID][]*db.SubjectRecipient, error) {
		organizationIDs, subjectIDs := subjectIDs[V, P](rows)
		number := loader.ListNumber(ctx, fields)
		recipients, err := f.Queries.ListRecipients(ctx, f.Within(ctx),
			&db.ListRecipientsParams{OrganizationIDs: organizationIDs, SubjectIDs: subjectIDs, Number: number})
		return loader.Group(recipients, func(s *db.SubjectRecipient) uuid.UUID { return s.SubjectID }), cmp.Or(err, loader.CheckList(len(recipients), number))
	})
	recipients := bySubject[P(row).Subject().ID]
	return recipients, cmp.Or(err, loader.CountList(ctx, len(recipients), fields))
}

// Recipients returns the recipients of a subject's alerts, for a mutation's payload that has them.
func (f *Finder) Recipients(ctx context.Context, subject db.SubjectID) ([]*db.SubjectRecipient, error) {
	fields := len(selection.Of(ctx, "recipients"))
	number := loader.ListNumber(ctx, fields)
	rows, err := f.Queries.ListRecipients(ctx, f.Within(ctx), &db.ListRecipientsParams{
		OrganizationIDs: []uuid.UUID{subject.OrganizationID}, SubjectIDs: []uuid.UUID{subject.ID}, Number: number,
	})
	return rows, cmp.Or(db.Fault(err), loader.CheckList(len(rows), number), loader.CountList(ctx, len(rows), fields))
}

// subjectIDs returns the ids of subjects and, in the same order, of their organizations.
func subjectIDs[V any, P subjectRow[V]](rows []*V) (organizationIDs, ids []uuid.UUID) {
	for _, row := range rows {
		organizationIDs, ids = append(organizationIDs, P(row).Subject().OrganizationID), append(ids, P(row).Subject().ID)
	}
	return organizationIDs, ids
}
