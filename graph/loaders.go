package graph

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/graph-gophers/dataloader/v7"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/db"
)

const (
	defaultGather = 2 * time.Millisecond
	loadTimeout   = 10 * time.Second // of one look-up of many
)

// loaders look up rows for many parents in one statement. They keep nothing: what they return is read when it is asked for.
// They look up by ids out of rows that the caller was allowed to see, so they need no scope of their own.
type loaders struct {
	organizations *dataloader.Loader[uuid.UUID, *db.Organization]
	workspaces    *dataloader.Loader[uuid.UUID, *db.Workspace]
	members       *dataloader.Loader[uuid.UUID, *db.Member]
	limits        *dataloader.Loader[uuid.UUID, *db.LimitStatus]
	statuses      *dataloader.Loader[uuid.UUID, *db.ListAPIKeyStatusesRow]
	limitsOf      *dataloader.Loader[db.SubjectID, []*db.LimitStatus]
	recipientsOf  *dataloader.Loader[db.SubjectID, []*db.SubjectRecipient]
	deliveriesOf  *dataloader.Loader[uuid.UUID, []*db.AlertDelivery]
}

func newLoaders(pool *pgxpool.Pool, queries *db.Queries, gather time.Duration) *loaders {
	return &loaders{
		organizations: one(gather, func(o *db.Organization) uuid.UUID { return o.ID }, func(ctx context.Context, ids []uuid.UUID) ([]*db.Organization, error) {
			return queries.FindOrganizations(ctx, pool, ids)
		}),
		workspaces: one(gather, func(w *db.Workspace) uuid.UUID { return w.ID }, func(ctx context.Context, ids []uuid.UUID) ([]*db.Workspace, error) {
			return queries.FindWorkspaces(ctx, pool, &db.FindWorkspacesParams{IDs: ids})
		}),
		members: one(gather, func(m *db.Member) uuid.UUID { return m.ID }, func(ctx context.Context, ids []uuid.UUID) ([]*db.Member, error) {
			return queries.FindMembers(ctx, pool, &db.FindMembersParams{IDs: ids})
		}),
		limits: one(gather, func(l *db.LimitStatus) uuid.UUID { return l.ID }, func(ctx context.Context, ids []uuid.UUID) ([]*db.LimitStatus, error) {
			return queries.FindLimits(ctx, pool, &db.FindLimitsParams{IDs: ids})
		}),
		statuses: one(gather, func(s *db.ListAPIKeyStatusesRow) uuid.UUID { return s.ID }, func(ctx context.Context, ids []uuid.UUID) ([]*db.ListAPIKeyStatusesRow, error) {
			return queries.ListAPIKeyStatuses(ctx, pool, ids)
		}),
		limitsOf: many(gather, limitSubject, func(ctx context.Context, subjects []db.SubjectID) ([]*db.LimitStatus, error) {
			organizationIDs, subjectIDs := split(subjects)
			return queries.ListLimits(ctx, pool, &db.ListLimitsParams{OrganizationIDs: organizationIDs, SubjectIDs: subjectIDs})
		}),
		recipientsOf: newLoader(gather, func(ctx context.Context, subjects []db.SubjectID) (map[db.SubjectID][]*db.SubjectRecipient, error) {
			organizationIDs, subjectIDs := split(subjects)
			rows, err := queries.ListRecipients(ctx, pool, &db.ListRecipientsParams{OrganizationIDs: organizationIDs, SubjectIDs: subjectIDs})
			byID := group(rows, func(r *db.SubjectRecipient) uuid.UUID { return r.SubjectID })
			bySubject := make(map[db.SubjectID][]*db.SubjectRecipient, len(subjects))
			for _, subject := range subjects {
				bySubject[subject] = byID[subject.ID]
			}
			return bySubject, err
		}),
		deliveriesOf: many(gather, func(d *db.AlertDelivery) uuid.UUID { return d.AlertID }, func(ctx context.Context, ids []uuid.UUID) ([]*db.AlertDelivery, error) {
			return queries.ListDeliveries(ctx, pool, ids)
		}),
	}
}

func limitSubject(l *db.LimitStatus) db.SubjectID {
	return db.SubjectID{OrganizationID: l.OrganizationID, ID: l.SubjectID}
}

// one loads at most one row a key.
func one[K comparable, V any](gather time.Duration, key func(*V) K, fetch func(context.Context, []K) ([]*V, error)) *dataloader.Loader[K, *V] {
	return newLoader(gather, func(ctx context.Context, keys []K) (map[K]*V, error) {
		rows, err := fetch(ctx, keys)
		byKey := make(map[K]*V, len(rows))
		for _, row := range rows {
			byKey[key(row)] = row
		}
		return byKey, err
	})
}

// many loads any number of rows a key.
func many[K comparable, V any](gather time.Duration, key func(*V) K, fetch func(context.Context, []K) ([]*V, error)) *dataloader.Loader[K, []*V] {
	return newLoader(gather, func(ctx context.Context, keys []K) (map[K][]*V, error) {
		rows, err := fetch(ctx, keys)
		return group(rows, key), err
	})
}

func newLoader[K comparable, V any](gather time.Duration, fetch func(context.Context, []K) (map[K]V, error)) *dataloader.Loader[K, V] {
	batch := func(ctx context.Context, keys []K) []*dataloader.Result[V] {
		// the context is that of whoever asked first; the others must not fail when that one leaves
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		byKey, err := fetch(ctx, keys)
		results := make([]*dataloader.Result[V], len(keys))
		for i, key := range keys {
			results[i] = &dataloader.Result[V]{Data: byKey[key], Error: db.Fault(err)}
		}
		return results
	}
	return dataloader.NewBatchedLoader(batch,
		dataloader.WithWait[K, V](gather), dataloader.WithCache[K, V](&dataloader.NoCache[K, V]{}))
}

func group[K comparable, V any](rows []*V, key func(*V) K) map[K][]*V {
	groups := map[K][]*V{}
	for _, row := range rows {
		groups[key(row)] = append(groups[key(row)], row)
	}
	return groups
}

func split(subjects []db.SubjectID) (organizationIDs, subjectIDs []uuid.UUID) {
	for _, subject := range subjects {
		organizationIDs = append(organizationIDs, subject.OrganizationID)
		subjectIDs = append(subjectIDs, subject.ID)
	}
	return organizationIDs, subjectIDs
}
