package graph

import (
	"context"

	"bursar/db"
	"bursar/graph/selection"
)

// reservationForm returns what is to be answered of a new reservation at a path of the selection.
func reservationForm(ctx context.Context, path ...string) db.RowForm {
	return rowForm(ctx, []string{"id", "status", "apiKeyId", "requests", "tokens", "cost", "admittedAt", "expiresAt"}, path)
}

// eventForm returns what is to be answered of a new row of the ledger at a path of the selection.
func eventForm(ctx context.Context, path ...string) db.RowForm {
	return rowForm(ctx, []string{"id", "tokens", "inputTokens", "outputTokens", "cost", "unpriced"}, path)
}

// rowForm returns the form of a row of which the fields at a path are asked for; brief has those that a brief one tells.
func rowForm(ctx context.Context, brief, path []string) db.RowForm {
	switch {
	case selection.IDAlone(ctx, path...):
		return db.IDOnly
	case selection.Within(ctx, brief, path...):
		return db.BriefRow
	}
	return db.WholeRow
}
