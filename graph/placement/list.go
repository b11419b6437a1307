package placement

import (
	"context"
	"slices"

	"bursar/db"
	"bursar/graph/loader"
	"bursar/graph/page"
)

// List returns the organizations of a page, of the cell that the operator has named or of all of them, merged by id.
func (p *Places) List(ctx context.Context, tenants func(context.Context) db.DBTX, part page.Page) ([]*db.Organization, error) {
	var pages [][]*db.Organization
	err := p.Each(ctx, func(ctx context.Context, _ string) error {
		rows, err := p.queries.ListOrganizations(ctx, tenants(ctx), &db.ListOrganizationsParams{
			After: part.After, Before: part.Before, Backward: part.Backward, Number: part.Number})
		pages = append(pages, rows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return merge(ctx, pages, part), nil
}

// merge returns the rows of a page out of those of each cell. What is read of them is read with others of their cell.
func merge(ctx context.Context, pages [][]*db.Organization, part page.Page) []*db.Organization {
	all := slices.Concat(pages...)
	slices.SortFunc(all, func(a, b *db.Organization) int {
		if part.Backward {
			a, b = b, a
		}
		return slices.Compare(a.ID[:], b.ID[:])
	})
	// one that is moved while the cells are asked may be in two answers
	all = slices.CompactFunc(all, func(a, b *db.Organization) bool { return a.ID == b.ID })
	all = all[:min(len(all), int(part.Number))]
	for _, rows := range pages {
		loader.Loaded(ctx, slices.DeleteFunc(rows, func(row *db.Organization) bool { return !slices.Contains(all, row) }))
	}
	return all
}

// Count returns how many organizations List lists in all.
func (p *Places) Count(ctx context.Context, tenants func(context.Context) db.DBTX) (total int64, err error) {
	err = p.Each(ctx, func(ctx context.Context, _ string) error {
		number, err := p.queries.CountOrganizations(ctx, tenants(ctx))
		total += number
		return err
	})
	return total, err
}
