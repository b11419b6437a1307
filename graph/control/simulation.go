package control

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/fault"
	"bursar/graph/caller"
	"bursar/graph/lookup"
	"bursar/graph/model"
	"bursar/graph/validate"
)

// SimulateLimits asks for what limits that do not exist would have refused.
func (c *Changes) SimulateLimits(ctx context.Context, input model.SimulateLimitsInput) (*model.SimulateLimitsPayload, error) {
	subject, err := c.find.AnySubject(ctx, "subjectId", input.SubjectID)
	limits, inputErr := validate.SimulateLimits(&input)
	if err := validate.Together(err, inputErr, c.find.KnownZones(ctx, zonesOf(input.Limits)...)); err != nil {
		return nil, err
	}
	params := &db.SimulateLimitsParams{OrganizationID: subject.OrganizationID, WorkspaceID: subject.WorkspaceID, APIKeyID: subject.APIKeyID,
		FromTime: input.From, ToTime: input.To}
	if params.Limits, err = json.Marshal(limits); err != nil {
		return nil, fault.ErrInternal.Because(err)
	}
	requestID := input.RequestID
	input.RequestID = nil
	payload := &model.SimulateLimitsPayload{}
	_, payload.Replayed, err = c.once(ctx, claimOf(subject.OrganizationID, requestID, "simulateLimits", input), func(tx pgx.Tx, made *db.ControlRequest) error {
		simulation, err := c.Queries.SimulateLimits(ctx, tx, params)
		if err == nil {
			made.ObjectID = &simulation.ID
		}
		return err
	}, func(tx pgx.Tx, simulationID uuid.UUID) error {
		rows, err := c.Queries.FindSimulations(ctx, tx, &db.FindSimulationsParams{IDs: []uuid.UUID{simulationID}, OrganizationID: caller.Organization(ctx)})
		payload.Simulation, err = lookup.Found(rows, err, "requestId", "simulation")
		return err
	})
	return payload, err
}

// zonesOf returns the time zones of budgets of a simulation.
func zonesOf(limits *model.SimulatedLimitsInput) (zones []lookup.Zone) {
	for i, budget := range limits.BudgetLimits {
		zones = append(zones, lookup.Zone{Field: fmt.Sprintf("limits.budgetLimits.%d.timeZone", i), Name: budget.TimeZone})
	}
	return zones
}

// CancelSimulation cancels a simulation that has not ended.
func (c *Changes) CancelSimulation(ctx context.Context, input model.CancelSimulationInput) (*model.CancelSimulationPayload, error) {
	simulation, err := c.find.Simulation(ctx, "id", input.ID)
	if err != nil {
		return nil, err
	}
	payload := &model.CancelSimulationPayload{}
	err = c.Change(ctx, func(tx pgx.Tx) (err error) {
		payload.Simulation, err = c.Queries.CancelSimulation(ctx, tx, &db.CancelSimulationParams{OrganizationID: simulation.OrganizationID, ID: simulation.ID})
		return err
	})
	return payload, lookup.Missing(err, "id", "simulation")
}
