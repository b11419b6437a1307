package db

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/fault"
)

// asked is a database that is asked for what may be in any.
type asked struct {
	on    *TenantDB
	slots chan struct{} // has an element for each question that it has not answered
}

const (
	minAsked = 2               // questions at a time to one database
	maxAsk   = 5 * time.Second // for an answer, where the context has no deadline
)

func newAsked(pool *pgxpool.Pool) *asked {
	return &asked{NewTenantDB(pool), make(chan struct{}, max(minAsked, pool.Config().MaxConns/5))} // most connections are for others
}

// In returns the database that decides for an organization, for ForAccessToken, ForEmail and ForInvitations: their answer is what holds, also that there is no
// row. Where there is one database, it is that one.
func (d *TenantDB) In(organizationID uuid.UUID) *TenantDB {
	if d.several == nil {
		return d
	}
	return &TenantDB{several: d.several, organizationID: &organizationID}
}

// IsSeveral tells whether there are several databases.
func (d *TenantDB) IsSeveral() bool { return d.several != nil }

// Everywhere asks all databases at once and yields their answers in the order in which they come. A database that does not answer holds up neither the others
// nor who has heard enough; its answer is an error when the context ends. Where there is one database, it is asked and nothing else.
func Everywhere[T any](ctx context.Context, d *TenantDB, ask func(ctx context.Context, on *TenantDB) (T, error)) iter.Seq2[T, error] {
	type answer struct {
		value T
		err   error
	}
	return func(yield func(T, error) bool) {
		if d.several == nil {
			yield(ask(ctx, d))
			return
		}
		var none T
		done, err := acquireSerial(ctx)
		if err != nil {
			yield(none, err)
			return
		}
		defer done()
		ctx, cancel := context.WithTimeout(context.WithValue(ctx, serialKey{}, nil), maxAsk) // no later than the context's own deadline
		defer cancel()
		answers := make(chan answer, len(d.several.each))
		for _, database := range d.several.each {
			go func() {
				var a answer
				a.err = database.ask(ctx, func(ctx context.Context) (err error) { a.value, err = ask(ctx, database.on); return err })
				answers <- a
			}()
		}
		for range d.several.each {
			select {
			case a := <-answers:
				if !yield(a.value, a.err) {
					return
				}
			case <-ctx.Done():
				yield(none, ctx.Err())
				return
			}
		}
	}
}

// acquire waits for a slot, until the context ends. Whoever has one must release it.
func (a *asked) acquire(ctx context.Context) (release func(), err error) {
	select {
	case a.slots <- struct{}{}:
		return func() { <-a.slots }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// ask runs a question when there is a slot. The context may end the wait for that, not the question: a statement that is cancelled costs a connection.
func (a *asked) ask(ctx context.Context, question func(ctx context.Context) error) error {
	release, err := a.acquire(ctx)
	if err != nil {
		return err
	}
	defer release()
	deadline, _ := ctx.Deadline()
	asking, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	defer cancel()
	return question(asking)
}

// Place is where a row was found.
type Place struct {
	OrganizationID uuid.UUID // that it belongs to
	Residence      Residence // of the organization, in the database that has answered
}

// Union returns the rows that a question finds in all databases, for an organization those of the one database that decides for it; of an organization that is
// being moved, one that is there. A database that does not answer is an error: rows may be missing. The order is any. Where there is one database, it is
// asked and nothing else.
func Union[R any](ctx context.Context, d *TenantDB, ask func(ctx context.Context, on *TenantDB) ([]R, error), place func(R) Place) ([]R, error) {
	if d.several == nil {
		return ask(ctx, d)
	}
	found := map[uuid.UUID]R{}
	for rows, err := range Everywhere(ctx, d, ask) {
		if err != nil {
			return nil, err
		}
		prefer(found, rows, place)
	}
	all := make([]R, 0, len(found))
	for organizationID, row := range found {
		if place(row).Residence != ResidenceLEFT {
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
func First[R any](ctx context.Context, d *TenantDB, ask func(ctx context.Context, on *TenantDB) ([]R, error), place func(R) Place) ([]R, error) {
	if d.several == nil {
		return ask(ctx, d)
	}
	var silent error
	found := map[uuid.UUID]R{}
	for rows, err := range Everywhere(ctx, d, ask) {
		if err != nil {
			silent = err
		}
		for i, row := range rows {
			if place(row).Residence == ResidenceHERE {
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
	order := []Residence{ResidenceHERE, ResidenceLEAVING, ResidenceARRIVING, ResidenceLEFT}
	for _, row := range rows {
		at := place(row)
		if known, is := found[at.OrganizationID]; !is || slices.Index(order, at.Residence) < slices.Index(order, place(known).Residence) {
			found[at.OrganizationID] = row
		}
	}
}

// askIn asks the database that decides for an organization, for its rows alone; none if no database has the organization any more.
func askIn[R any](
	ctx context.Context, d *TenantDB, organizationID uuid.UUID, ask func(ctx context.Context, on *TenantDB) ([]R, error), place func(R) Place,
) ([]R, error) {
	rows, err := ask(ctx, d.In(organizationID))
	if err != nil && fault.CodeOf(err) == fault.NotFound {
		return nil, nil
	}
	return slices.DeleteFunc(rows, func(row R) bool { return place(row).OrganizationID != organizationID }), err
}
