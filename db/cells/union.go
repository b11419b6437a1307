package cells

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/fault"
)

// Place is where a row was found.
type Place struct {
	OrganizationID uuid.UUID    // that it belongs to
	Residence      db.Residence // of the organization, in the database that has answered
}

// Union returns the rows that a question finds in all databases, for an organization those of the one database that decides for it; of an organization that is
// being moved, one that is there. A database that does not answer is an error: rows may be missing. The order is any. Where there is one database, it is
// asked and nothing else.
func Union[R any](ctx context.Context, d *db.TenantDB, ask func(ctx context.Context, on *db.TenantDB) ([]R, error), place func(R) Place) ([]R, error) {
	if !d.IsSeveral() {
		return ask(ctx, d)
	}
	found := map[uuid.UUID]R{}
	for rows, err := range db.Everywhere(ctx, d, ask) {
		if err != nil {
			return nil, err
		}
		prefer(found, rows, place)
	}
	all := make([]R, 0, len(found))
	for organizationID, row := range found {
		if place(row).Residence != db.ResidenceLEFT {
			all = append(all, row)
			continue
		}
		rows, err := askIn(ctx, d, organizationID, ask, place) // the row has ended since, or has come where none was found
		if err != nil {
			return nil, err
		}
		all = append(all, rows...)
	}
	return all, nil
}

// First is Union for a question about one organization, which has an answer when the database has given it that decides for the organization, whether or not
// others answer.
func First[R any](ctx context.Context, d *db.TenantDB, ask func(ctx context.Context, on *db.TenantDB) ([]R, error), place func(R) Place) ([]R, error) {
	if !d.IsSeveral() {
		return ask(ctx, d)
	}
	var silent error
	found := map[uuid.UUID]R{}
	for rows, err := range db.Everywhere(ctx, d, ask) {
		if err != nil {
			silent = err
		}
		for i, row := range rows {
			if place(row).Residence == db.ResidenceHERE {
				return rows[i : i+1], nil
			}
		}
		prefer(found, rows, place)
	}
	for organizationID := range found {
		if rows, err := askIn(ctx, d, organizationID, ask, place); err != nil || len(rows) > 0 {
			return rows, err
		}
	}
	return nil, silent
}

// prefer keeps of each organization the row that counts most by where it was found.
func prefer[R any](found map[uuid.UUID]R, rows []R, place func(R) Place) {
	order := []db.Residence{db.ResidenceHERE, db.ResidenceLEAVING, db.ResidenceARRIVING, db.ResidenceLEFT}
	for _, row := range rows {
		at := place(row)
		if known, is := found[at.OrganizationID]; !is || slices.Index(order, at.Residence) < slices.Index(order, place(known).Residence) {
			found[at.OrganizationID] = row
		}
	}
}

// askIn asks the database that decides for an organization, for its rows alone; none if no database has the organization any more.
func askIn[R any](
	ctx context.Context, d *db.TenantDB, organizationID uuid.UUID, ask func(ctx context.Context, on *db.TenantDB) ([]R, error), place func(R) Place,
) ([]R, error) {
	rows, err := ask(ctx, d.In(organizationID))
	if fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	return slices.DeleteFunc(rows, func(row R) bool { return place(row).OrganizationID != organizationID }), err
}
