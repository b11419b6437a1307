package directory

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"bursar/auth"
	"bursar/db"
)

// load fills databases. Organization n is in cell n modulo the number of cells.
type load struct {
	Config
	tokens []string    // of organizations that are in the directory
	lone   []uuid.UUID // organizations of the last cell that the directory does not know
}

// organization returns the id of one by its number; SQL computes the same.
func organization(n int) uuid.UUID {
	sum := sha256.Sum256([]byte(strconv.Itoa(n)))
	return uuid.UUID(sum[:16])
}

const organizationSQL = `encode(substr(sha256(n::text::bytea), 1, 16), 'hex')::uuid`

// url returns that of a cell's database.
func (l *load) url(cell int) string {
	switch cell {
	case 0:
		return l.Home
	case l.Cells - 1:
		return l.Alone
	}
	return l.Shared[cell%len(l.Shared)]
}

// maySilence tells whether a cell is one of those that are silent in the second half: the last but one and those before it. No database has their organizations.
func (l *load) maySilence(cell int) bool { return cell < l.Cells-1 && cell >= l.Cells-1-l.Silent }

// name returns that of a cell.
func name(cell int) string {
	if cell == 0 {
		return "home"
	}
	return fmt.Sprint("cell-", cell)
}

// fill loads the directory and the organizations of each database, and tokens.
func (l *load) fill(ctx context.Context) error {
	if _, err := fmt.Fprintf(l.Progress, "loading %d organizations of %d cells\n", l.Organizations, l.Cells); err != nil {
		return err
	}
	err := l.change(ctx, l.Home,
		`insert into cells (name, incarnation) select case n when 0 then 'home' else 'cell-' || n end, gen_random_uuid() from generate_series(0, `+strconv.Itoa(l.Cells-1)+`) n`,
		`insert into organization_cells (organization_id, slug, cell)
			select `+organizationSQL+`, 'organization-' || n, case n % `+strconv.Itoa(l.Cells)+` when 0 then 'home' else 'cell-' || n % `+strconv.Itoa(l.Cells)+` end
			from generate_series(0, `+strconv.Itoa(l.Organizations-1)+`) n`,
		`analyze organization_cells`)
	if err != nil {
		return err
	}
	cellsOf := map[string][]int32{}
	for cell := range l.Cells {
		if l.maySilence(cell) {
			continue
		}
		cellsOf[l.url(cell)] = append(cellsOf[l.url(cell)], int32(cell)) //nolint:gosec // they are few
	}
	for url, of := range cellsOf {
		if err := l.change(ctx, url, fmt.Sprintf(`insert into organizations (id, name, slug, plan) select %s, 'Organization', 'organization-' || n, 'FREE'
			from generate_series(0, %d) n where n %% %d = any ('%s')`, organizationSQL, l.Organizations-1, l.Cells, arrayOf(of)), `analyze organizations`); err != nil {
			return err
		}
	}
	if err := l.makeTokens(ctx); err != nil {
		return err
	}
	return l.in(ctx, l.Alone, func(on *pgx.Conn) error {
		for n := range l.Calls.Slow {
			made, err := db.New().CreateOrganization(ctx, on, &db.CreateOrganizationParams{Name: "Alone", Slug: fmt.Sprint("alone-", n), Plan: db.PlanFREE})
			if err != nil {
				return err
			}
			l.lone = append(l.lone, made.ID)
		}
		return nil
	})
}

// arrayOf is PostgreSQL's text of an array.
func arrayOf(numbers []int32) string {
	texts := make([]string, len(numbers))
	for i, n := range numbers {
		texts[i] = strconv.Itoa(int(n))
	}
	return "{" + strings.Join(texts, ",") + "}"
}

// change runs statements in a database, without triggers.
func (l *load) change(ctx context.Context, url string, statements ...string) error {
	return l.in(ctx, url, func(on *pgx.Conn) error {
		for _, statement := range append([]string{`set session_replication_role = replica`}, statements...) {
			if _, err := on.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%.60s: %w", statement, err)
			}
		}
		return nil
	})
}

func (l *load) in(ctx context.Context, url string, do func(on *pgx.Conn) error) error {
	on, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer func() { _ = on.Close(context.WithoutCancel(ctx)) }() // nothing is under way
	return do(on)
}

// makeTokens makes a token of each of some organizations, that are in as many cells as there are.
func (l *load) makeTokens(ctx context.Context) error {
	byURL := map[string][]*db.CreateAccessTokenParams{}
	accepts := true
	for n := range l.Tokens {
		if l.maySilence(n % l.Cells) {
			continue
		}
		secret := auth.NewSecret(auth.AccessTokenPrefix)
		l.tokens = append(l.tokens, secret.Text)
		url := l.url(n % l.Cells)
		byURL[url] = append(byURL[url], &db.CreateAccessTokenParams{OrganizationID: organization(n), Role: db.TokenRoleADMIN, Name: "token", Prefix: secret.Prefix, TokenHash: secret.Hash, AcceptsKeyIDs: &accepts})
	}
	for url, all := range byURL {
		err := l.in(ctx, url, func(on *pgx.Conn) error {
			for _, params := range all {
				if _, err := db.New().CreateAccessToken(ctx, on, params); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
