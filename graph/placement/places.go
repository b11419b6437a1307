// Package placement says in which cell organizations are, where new ones are made, and which cell the operator asks, who names none.
package placement

import (
	"cmp"
	"context"
	"errors"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
	"bursar/graph/loader"
)

// LeastLoaded is the rule by which an organization is made in the cell that has the fewest.
const LeastLoaded = "least-loaded"

// Places are the cells of an installation, as callers see them. With one database there is the cell home alone.
type Places struct {
	set     *cells.Set // nil: there is one database
	rule    string
	queries *db.Queries
	logger  *slog.Logger
}

// New returns the places of an installation. set is nil with one database. The rule says where organizations are made of which nobody says so: the name of a cell, or
// [LeastLoaded]; "": [cells.Home].
func New(set *cells.Set, rule string, queries *db.Queries, logger *slog.Logger) *Places {
	if set != nil && len(set.All()) == 1 {
		set = nil
	}
	return &Places{set: set, rule: cmp.Or(rule, cells.Home), queries: queries, logger: logger}
}

// home returns the directory, with the operator's rights.
func (p *Places) home() db.DBTX { return db.NewTenantDB(p.set.Home().Control).For(nil) }

// Choose returns a context in which the operator asks the cell of a name. It is refused with a fault that names the header.
func (p *Places) Choose(ctx context.Context, name string) (context.Context, error) {
	switch {
	case p.set == nil && name != cells.Home:
		return ctx, fault.BadInput(cells.Header, "there is no cell of this name: this server has one database, %s", cells.Home)
	case p.set == nil:
		return ctx, nil
	case p.set.Named(name) == nil:
		return ctx, fault.BadInput(cells.Header, "there is no cell of this name")
	}
	return cells.Choose(ctx, name), nil
}

// CellOf returns the name of the cell in which an organization is.
func (p *Places) CellOf(ctx context.Context, organization *db.Organization) (string, error) {
	if p.set == nil {
		return cells.Home, nil
	}
	return loader.Load(ctx, organization, "cell", func([]*db.Organization) (string, error) { // one batch is of one cell
		cell, err := p.set.Of(ctx, &organization.ID)
		if err != nil {
			return "", err
		}
		return cell.Name, nil
	})
}

// RegionOf returns the region that an organization must not leave; nil: any.
func (p *Places) RegionOf(ctx context.Context, organization *db.Organization) (*string, error) {
	if p.set == nil {
		return nil, nil
	}
	regions, err := loader.Load(ctx, organization, "region", func(all []*db.Organization) (map[uuid.UUID]*string, error) {
		rows, err := p.queries.ListRegions(ctx, p.home(), loader.Distinct(all, func(o *db.Organization) *uuid.UUID { return &o.ID }))
		regions := make(map[uuid.UUID]*string, len(rows))
		for _, row := range rows {
			regions[row.OrganizationID] = &row.Region
		}
		return regions, err
	})
	return regions[organization.ID], err
}

// BySlug returns the id of the organization with a slug, in whichever cell it is. It is for the operator, who names one by its slug. NOT_FOUND where no cell has it.
func (p *Places) BySlug(ctx context.Context, tenants *db.TenantDB, slug string) (uuid.UUID, error) {
	if p.set != nil {
		switch entry, err := p.queries.FindCellBySlug(ctx, p.home(), slug); {
		case err == nil:
			return entry.OrganizationID, nil
		case !errors.Is(err, pgx.ErrNoRows):
			return uuid.Nil, db.Fault(err)
		}
	}
	found := uuid.Nil
	err := p.Each(ctx, func(ctx context.Context, _ string) error { // made by a command at the cell, and not in the directory
		organization, err := p.queries.FindOrganizationBySlug(ctx, tenants.For(nil), slug)
		if err == nil {
			found = organization.ID
		} else if errors.Is(err, pgx.ErrNoRows) {
			err = nil
		}
		return err
	})
	if err == nil && found == uuid.Nil {
		return uuid.Nil, fault.New(fault.NotFound, "no such organization")
	}
	return found, err
}

// Each calls ask for the cell that the operator has named, or else for all of them, home first, with a context in which the operator asks that cell. It ends with the first
// error, a fault, which names the cell if it does not answer.
func (p *Places) Each(ctx context.Context, ask func(ctx context.Context, cell string) error) error {
	name, chosen := cells.Chosen(ctx)
	if p.set == nil || chosen {
		return db.Fault(ask(ctx, cmp.Or(name, cells.Home)))
	}
	for _, cell := range p.set.All() {
		err := db.Fault(ask(cells.Choose(ctx, cell.Name), cell.Name))
		if fault.CodeOf(err) == fault.Unavailable {
			return fault.New(fault.Unavailable, "the cell %s does not answer; with the header %s you ask another one alone", cell.Name, cells.Header).Because(err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
