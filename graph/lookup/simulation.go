package lookup

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/loader"
	"bursar/graph/model"
	"bursar/graph/selection"
	"bursar/graph/validate"
	"bursar/id"
)

// Simulation finds the simulation with an id. Answers NOT_FOUND for another organization's.
func (f *Finder) Simulation(ctx context.Context, field, external string) (*db.Simulation, error) {
	_, parsed, err := validate.ID(field, external, id.Simulation)
	if err != nil {
		return nil, err
	}
	rows, err := f.Queries.FindSimulations(ctx, f.Within(ctx), &db.FindSimulationsParams{IDs: []uuid.UUID{parsed}, OrganizationID: caller.Organization(ctx)})
	return Found(rows, err, field, "simulation")
}

// SimulatedSubject returns whose usage a simulation is about; nil when that is gone. Those of the other simulations of its batch are read with it.
func (f *Finder) SimulatedSubject(ctx context.Context, simulation *db.Simulation) (model.LimitSubject, error) {
	return LimitSubjectOf(ctx, f, simulation, func(s *db.Simulation) (db.SubjectType, uuid.UUID) {
		switch {
		case s.APIKeyID != nil:
			return db.SubjectTypeAPIKEY, *s.APIKeyID
		case s.WorkspaceID != nil:
			return db.SubjectTypeWORKSPACE, *s.WorkspaceID
		}
		return db.SubjectTypeORGANIZATION, s.OrganizationID
	})
}

// SimulationRequester returns the access token or the member, also one who was removed, who asked for a simulation; nil for every other actor. Those of
// the simulations of its batch are read with it.
func (f *Finder) SimulationRequester(ctx context.Context, simulation *db.Simulation) (model.Node, error) {
	return nodeOf(ctx, f, simulation, "actor", func(s *db.Simulation) string { return actorID(s.Actor) })
}

// SimulatedRefusals returns what was refused by any of a simulation's limits; nil unless it is DONE.
func (f *Finder) SimulatedRefusals(ctx context.Context, simulation *db.Simulation) (*db.SimulatedRefusals, error) {
	results, err := f.simulationResults(ctx, simulation)
	if err != nil || len(results) == 0 {
		return nil, err
	}
	return results[0], nil
}

// SimulatedLimits returns the limits of a kind of a simulation, each with what it refused. Those of the other simulations of its batch are read with
// them.
func (f *Finder) SimulatedLimits(ctx context.Context, simulation *db.Simulation, kind db.LimitKind) ([]*db.SimulatedLimit, error) {
	results, err := f.simulationResults(ctx, simulation)
	if err != nil {
		return nil, err
	}
	of := []*db.SimulatedLimit{}
	for i, limit := range simulation.Limits {
		if limit.Kind == kind {
			if i+1 < len(results) {
				limit.Result = results[i+1]
			}
			of = append(of, limit)
		}
	}
	return of, loader.CountList(ctx, len(of), len(selection.Of(ctx)))
}

// simulationResults returns the results of a simulation in the order of its limits, that of any first; none unless it is DONE.
func (f *Finder) simulationResults(ctx context.Context, simulation *db.Simulation) ([]*db.SimulatedRefusals, error) {
	results, err := loader.Load(ctx, simulation, "results", func(simulations []*db.Simulation) (map[uuid.UUID][]*db.SimulatedRefusals, error) {
		params := &db.ListSimulationResultsParams{}
		byID := map[uuid.UUID]*db.Simulation{}
		for _, s := range simulations {
			if s.Status == db.SimulationStatusDONE {
				params.OrganizationIDs, params.SimulationIDs = append(params.OrganizationIDs, s.OrganizationID), append(params.SimulationIDs, s.ID)
				byID[s.ID] = s
			}
		}
		if len(byID) == 0 {
			return nil, nil
		}
		rows, err := f.Queries.ListSimulationResults(ctx, f.Within(ctx), params)
		of := map[uuid.UUID][]*db.SimulatedRefusals{}
		var keys []*db.SimulatedKey
		for _, row := range rows {
			of[row.SimulationID] = append(of[row.SimulationID], &db.SimulatedRefusals{SimulationResult: row, Simulation: byID[row.SimulationID]})
			keys = slices.Concat(keys, row.Keys)
		}
		loader.Loaded(ctx, keys)
		return of, err
	})
	return results[simulation.ID], err
}

// SimulatedKeyOf returns the API key of which something was refused. Those of the other keys of its simulations are read with it.
func (f *Finder) SimulatedKeyOf(ctx context.Context, key *db.SimulatedKey) (*db.APIKey, error) {
	return apiKeyOf(ctx, f, key, func(k *db.SimulatedKey) *uuid.UUID { return &k.APIKeyID })
}

// SimulatedBuckets returns what was refused by the hour or by the day.
func (f *Finder) SimulatedBuckets(ctx context.Context, result *db.SimulatedRefusals, interval db.UsageInterval) ([]*db.SimulatedBucket, error) {
	if interval == db.UsageIntervalHOUR && result.Simulation.Interval() != db.UsageIntervalHOUR {
		return nil, fault.BadInput("interval", "this simulation is about more than 93 days, and has days alone")
	}
	buckets := []*db.SimulatedBucket{}
	for _, b := range result.Buckets {
		if interval == db.UsageIntervalDAY {
			b.Start = b.Start.Truncate(24 * time.Hour) // which begins at 00:00 UTC
		}
		if n := len(buckets); n > 0 && buckets[n-1].Start.Equal(b.Start) {
			last := buckets[n-1]
			last.Events, last.Tokens, last.CostNanos = last.Events+b.Events, last.Tokens.Add(b.Tokens), last.CostNanos.Add(b.CostNanos)
		} else {
			buckets = append(buckets, &b)
		}
	}
	return buckets, loader.CountList(ctx, len(buckets), len(selection.Of(ctx)))
}
