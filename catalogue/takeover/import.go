// Package takeover takes over lists of prices at a terminal: it shows what would change, asks, and imports; and it writes the prices that
// there are. Its types are the flags of the commands.
package takeover

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue"
	"bursar/catalogue/store"
	"bursar/db"
	"bursar/terminal"
)

// Import are the flags of an import.
type Import struct {
	File        string    `arg:"" optional:"" help:"genai-prices (version 2), LiteLLM, models.dev's api.json, or Bursar's own CSV or JSON; without, the list in this binary."`
	Format      string    `placeholder:"FORMAT" help:"genai-prices, litellm, models.dev, csv or json; unset, it is told by the file."`
	Source      string    `placeholder:"TEXT" help:"What prices name as their source; its first word names the list. Unset, the format."`
	CheckedAt   time.Time `format:"2006-01-02" placeholder:"DAY" help:"The day of the list, such as 2026-03-01; unset, today."`
	Yes         bool      `help:"Do not ask."`
	AcceptLarge bool      `help:"Take rates too that change by more than a factor of 2, to 0 or from 0."`
	SkipDamaged bool      `help:"Take a list with numbers that are no prices, without those models."`
	All         bool      `help:"Show every price that is new, gone or left out, not examples."`
}

// AfterApply checks the arguments.
func (i *Import) AfterApply() error {
	if i.Format != "" && !slices.Contains(catalogue.Formats(), catalogue.Format(i.Format)) {
		return fmt.Errorf("--format: want one of %s, got %q", catalogue.Formats(), i.Format)
	}
	if i.File == "" && (i.Format != "" || i.Source != "" || !i.CheckedAt.IsZero()) {
		return errors.New("--format, --source and --checked-at are about a file, and there is none: the list in this binary brings its own")
	}
	return nil
}

// Read reads the list, and says on stderr what was left out of it. A damaged list is an error.
func (i *Import) Read(stderr io.Writer) (*catalogue.Catalogue, error) {
	list, err := i.list()
	if err != nil {
		return nil, err
	}
	if err := catalogue.WriteRefusals(stderr, list.Refused, i.All); err != nil {
		return nil, err
	}
	if damaged := list.Damaged(); len(damaged) > 0 && !i.SkipDamaged {
		return nil, fmt.Errorf("the list is damaged, nothing was imported: %s (%d in all; --skip-damaged leaves them out)", damaged[0], len(damaged))
	}
	return list, nil
}

func (i *Import) list() (*catalogue.Catalogue, error) {
	if i.File == "" {
		return catalogue.BuiltIn()
	}
	file, err := os.Open(i.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	origin := catalogue.Origin{Source: i.Source, CheckedAt: i.CheckedAt}
	if origin.CheckedAt.IsZero() {
		origin.CheckedAt = time.Now().UTC().Truncate(24 * time.Hour)
	}
	list, err := catalogue.Read(catalogue.Format(i.Format), file, origin)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", i.File, err)
	}
	return list, nil
}

// Run shows what the list changes among an organization's prices, or everybody's (nil), asks, and imports it.
func (i *Import) Run(ctx context.Context, pool *pgxpool.Pool, organizationID *uuid.UUID, list *catalogue.Catalogue, stdout, stderr io.Writer) error {
	current, err := store.Read(ctx, pool, organizationID)
	if err != nil {
		return err
	}
	difference := catalogue.Compare(current, list.Prices, time.Now())
	if err := difference.WriteTable(stdout, i.All); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(stdout, difference.Summary()); err != nil {
		return err
	}
	writes := difference.Writes()
	if len(writes) == 0 {
		return nil
	}
	if large := difference.Large(); len(large) > 0 && !i.AcceptLarge {
		return fmt.Errorf("nothing was imported: %d prices change by more than a factor of 2, to 0 or from 0 (!), %s first; if that is right, --accept-large takes them",
			len(large), large[0].New.Key())
	}
	if !i.Yes {
		if agreed, err := confirm(stderr, fmt.Sprintf("Import %d prices", len(writes))); err != nil || !agreed {
			return errors.Join(err, errors.New("nothing was imported"))
		}
	}
	shown := terminal.ShowProgress(stderr, "importing prices", len(writes))
	want := store.Imported{New: len(difference.New), Changed: len(difference.Changed)}
	err = store.Import(ctx, pool, db.Actor{Name: "bursar prices import", Action: "importPrices"}, organizationID, writes, want, shown.At)
	if err := errors.Join(err, shown.End()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(stdout, "imported %d prices\n", len(writes))
	return err
}

// BuiltIn imports the prices in the binary as everybody's where there are none.
func BuiltIn(ctx context.Context, pool *pgxpool.Pool, actor db.Actor) error {
	list, err := catalogue.BuiltIn()
	if err != nil {
		return err
	}
	current, err := store.Read(ctx, pool, nil)
	if err != nil || len(current) > 0 {
		return err
	}
	writes := catalogue.NotOver(list.Prices, time.Now())
	return store.Import(ctx, pool, actor, nil, writes, store.Imported{New: len(writes)}, func(int) {})
}
