package placement

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"bursar/db"
	"bursar/db/cells"
	"bursar/fault"
	"bursar/graph/validate"
)

const (
	claimLasts    = 10 * time.Minute // for which a slug is claimed; longer than any transaction that makes the organization can last
	settleTimeout = 5 * time.Second
	maxSettled    = 10 // expired claims that are settled before a new one
)

// Wanted is where an organization is to be made; nil: the rule says so.
type Wanted struct{ Cell, Region *string }

// Create has an organization made in its cell: make is called once, with the id that it is to have (nil: any) and a context in which the operator asks that cell.
//
// With several cells the slug is claimed at home before, and the claim is settled afterwards. A server that dies in between leaves a claim, which nobody else can
// take for ten minutes; whoever makes an organization then asks the cell what became of it.
func (p *Places) Create(ctx context.Context, slug string, wanted Wanted, create func(ctx context.Context, organizationID *uuid.UUID) error) error {
	if p.set == nil {
		return p.createHere(ctx, wanted, create)
	}
	cell, err := p.choose(ctx, wanted)
	if err != nil {
		return err
	}
	if err := p.settleExpired(ctx, slug); err != nil {
		return err
	}
	organizationID, err := uuid.NewV7()
	if err != nil {
		return db.Fault(err)
	}
	place, err := p.queries.ClaimOrganization(ctx, p.home(), &db.ClaimOrganizationParams{OrganizationID: organizationID, Slug: slug, Cell: cell, Region: wanted.Region})
	if err != nil {
		return db.Fault(err)
	}
	if p.set.Named(place) == nil {
		p.settle(ctx, organizationID, false)
		return fault.New(fault.Unavailable, "cell: this server does not know the cell %s: name it in BURSAR_CELLS", place)
	}
	err = create(cells.Choose(ctx, place), &organizationID)
	if err == nil || isRefused(err) {
		p.settle(ctx, organizationID, err == nil)
	}
	return err
}

// createHere is Create with one database.
func (p *Places) createHere(ctx context.Context, wanted Wanted, create func(ctx context.Context, organizationID *uuid.UUID) error) error {
	if wanted.Cell != nil && *wanted.Cell != cells.Home {
		return fault.BadInput("cell", "there is no cell of this name: this server has one database, %s", cells.Home)
	}
	if wanted.Region != nil {
		return fault.BadInput("region", "is of installations with several cells; this server has one database")
	}
	return create(ctx, nil)
}

// choose returns the name of the cell that an organization is to be made in; nil: the OPEN one of the region that has the fewest.
func (p *Places) choose(ctx context.Context, wanted Wanted) (*string, error) {
	rows, err := p.queries.ListCellStates(ctx, p.home())
	if err != nil {
		return nil, db.Fault(err)
	}
	name := wanted.Cell
	if header, chosen := cells.Chosen(ctx); chosen {
		if name != nil && *name != header {
			return nil, fault.BadInput("cell", "the header %s names another cell", cells.Header)
		}
		name = &header
	}
	isAsked := name != nil
	if !isAsked && (p.rule == LeastLoaded || wanted.Region != nil && !isIn(rows, p.rule, *wanted.Region)) {
		return nil, p.checkRegion(rows, wanted.Region)
	}
	cell := find(rows, validate.ValueOr(name, p.rule))
	switch {
	case cell == nil && isAsked:
		return nil, fault.BadInput("cell", "there is no cell of this name")
	case cell == nil:
		return nil, fault.New(fault.Unavailable, "BURSAR_PLACEMENT names the cell %s, which home does not know: add it with bursar cells add", p.rule)
	case wanted.Region != nil && (cell.Region == nil || *cell.Region != *wanted.Region):
		return nil, fault.BadInput("region", "the cell %s is not in this region", cell.Name)
	case cell.State != db.CellStateOPEN:
		return nil, &fault.Fault{Code: fault.Conflict, Field: "cell", Message: "cell: the cell " + cell.Name + " takes no new organizations: name another one"}
	}
	return &cell.Name, nil
}

// checkRegion refuses a region without any cell that takes new organizations.
func (p *Places) checkRegion(rows []*db.Cell, region *string) error {
	if region == nil {
		return nil
	}
	if !slices.ContainsFunc(rows, func(c *db.Cell) bool { return isIn(rows, c.Name, *region) }) {
		return fault.BadInput("region", "there is no cell in this region")
	}
	return nil
}

func find(rows []*db.Cell, name string) *db.Cell {
	at := slices.IndexFunc(rows, func(c *db.Cell) bool { return c.Name == name })
	if at < 0 {
		return nil
	}
	return rows[at]
}

func isIn(rows []*db.Cell, name, region string) bool {
	cell := find(rows, name)
	return cell != nil && cell.Region != nil && *cell.Region == region
}

// isRefused tells whether it is certain that an organization was not made.
func isRefused(err error) bool {
	if db.TookNoEffect(err) {
		return true
	}
	known, ok := errors.AsType[*fault.Fault](err)
	return ok && known.Code != fault.Unavailable && known.Code != fault.Internal
}

// settle says at home whether an organization was made. If home does not answer, whoever claims after the claim has expired finds out: so long the directory does not
// know the organization, which all cells are asked for then.
func (p *Places) settle(ctx context.Context, organizationID uuid.UUID, made bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	if err := p.queries.SettleClaim(ctx, p.home(), &db.SettleClaimParams{OrganizationID: organizationID, Made: made}); err != nil {
		p.logger.WarnContext(ctx, "a claim of a slug is not settled in the directory of cells; that is done once it has expired", "organization", organizationID, "error", err)
	}
}

// settleExpired asks the cells of claims that have expired what became of them, first of the one of a slug. It fails only if that one's cell does not answer.
func (p *Places) settleExpired(ctx context.Context, slug string) error {
	claims, err := p.queries.ListExpiredClaims(ctx, p.home(), &db.ListExpiredClaimsParams{Lasts: claimLasts, Slug: slug, Number: maxSettled})
	if err != nil {
		return db.Fault(err)
	}
	for _, claim := range claims {
		made, err := p.isMade(ctx, claim.Cell, claim.OrganizationID)
		switch {
		case err == nil:
			p.settle(ctx, claim.OrganizationID, made)
		case claim.Slug == slug:
			return fault.New(fault.Unavailable, "slug: it was claimed for an organization in the cell %s, which does not answer: try again later, or use another slug", claim.Cell).
				Because(err)
		}
	}
	return nil
}

// isMade tells whether a cell has an organization.
func (p *Places) isMade(ctx context.Context, name string, organizationID uuid.UUID) (bool, error) {
	cell := p.set.Named(name)
	if cell == nil {
		return false, fault.New(fault.Unavailable, "this server does not know the cell %s: name it in BURSAR_CELLS", name)
	}
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	return p.queries.HasOrganization(ctx, db.NewTenantDB(cell.Control).For(nil), organizationID)
}
