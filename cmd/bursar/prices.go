package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue"
	"bursar/catalogue/store"
	"bursar/db"
	"bursar/observe"
)

type pricesCommand struct {
	Import pricesImportCommand `cmd:"" help:"Take over a list of prices: the one in this binary, or a file."`
	Export pricesExportCommand `cmd:"" help:"Write prices as CSV or JSON."`
}

type pricesImportCommand struct {
	File         string             `arg:"" optional:"" help:"genai-prices (version 2), LiteLLM, models.dev's api.json, or Bursar's own CSV or JSON; without, the list in this binary."`
	Format       priceFormat        `placeholder:"FORMAT" help:"genai-prices, litellm, models.dev, csv or json; unset, it is told by the file."`
	Source       string             `placeholder:"TEXT" help:"What prices name as their source; its first word names the list. Unset, the format."`
	CheckedAt    instant            `placeholder:"DAY" help:"The day of the list, such as 2026-03-01; unset, today."`
	Organization string             `placeholder:"SLUG|ID" help:"Make them this organization's own prices, which come before everybody's; unset, everybody's."`
	Yes          bool               `help:"Do not ask."`
	AcceptLarge  bool               `help:"Take rates too that change by more than a factor of 2, to 0 or from 0."`
	SkipDamaged  bool               `help:"Take a list with numbers that are no prices, without those models."`
	All          bool               `help:"Show every price that is new, gone or left out, not examples."`
	Where        databaseOrEmbedded `embed:""`
	Log          logFlags           `embed:""`
}

// Help is the long text of --help.
func (pricesImportCommand) Help() string {
	return `Shows what would change, and asks. New and changed prices hold from now on, or from the day that the list has for them; what was
charged stays. Prices that the list does not have any more stay too. All of it is imported or nothing, and nothing is downloaded.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// AfterApply checks the arguments.
func (c *pricesImportCommand) AfterApply() error {
	if c.File == "" && (c.Format != "" || c.Source != "" || !c.CheckedAt.IsZero()) {
		return &misuse{"--format, --source and --checked-at are about a file, and there is none: the list in this binary brings its own"}
	}
	return nil
}

// Run imports the list.
func (c *pricesImportCommand) Run(ctx context.Context, p *program) error {
	list, err := c.list()
	if err != nil {
		return err
	}
	if err := catalogue.WriteRefusals(p.stderr, list.Refused, c.All); err != nil {
		return err
	}
	if damaged := list.Damaged(); len(damaged) > 0 && !c.SkipDamaged {
		return fmt.Errorf("the list is damaged, nothing was imported: %s (%d in all; --skip-damaged leaves them out)", damaged[0], len(damaged))
	}
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.with(ctx, "prices import", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		organizationID, err := findOrganization(ctx, pool, c.Organization)
		if err != nil {
			return err
		}
		return c.take(ctx, p, pool, organizationID, list)
	})
}

// list reads the list.
func (c *pricesImportCommand) list() (*catalogue.Catalogue, error) {
	if c.File == "" {
		return catalogue.BuiltIn()
	}
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	origin := catalogue.Origin{Source: c.Source, CheckedAt: c.CheckedAt.Time}
	if origin.CheckedAt.IsZero() {
		origin.CheckedAt = time.Now().UTC().Truncate(24 * time.Hour)
	}
	list, err := catalogue.Read(catalogue.Format(c.Format), file, origin)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.File, err)
	}
	return list, nil
}

// take shows the difference, asks, and imports.
func (c *pricesImportCommand) take(ctx context.Context, p *program, pool *pgxpool.Pool, organizationID *uuid.UUID, list *catalogue.Catalogue) error {
	current, err := store.Read(ctx, pool, organizationID)
	if err != nil {
		return err
	}
	difference := catalogue.Compare(current, list.Prices, time.Now())
	if err := difference.WriteTable(p.stdout, c.All); err != nil {
		return err
	}
	if _, err := fmt.Fprintln(p.stdout, difference.Summary()); err != nil {
		return err
	}
	writes := difference.Writes()
	if len(writes) == 0 {
		return nil
	}
	if large := difference.Large(); len(large) > 0 && !c.AcceptLarge {
		return fmt.Errorf("nothing was imported: %d prices change by more than a factor of 2, to 0 or from 0 (!), %s first; if that is right, --accept-large takes them",
			len(large), large[0].New.Key())
	}
	if !c.Yes {
		if agreed, err := p.confirm(fmt.Sprintf("Import %d prices", len(writes))); err != nil || !agreed {
			return errors.Join(err, errors.New("nothing was imported"))
		}
	}
	stop := showProgress(p.stderr, "importing prices", len(writes))
	want := store.Imported{New: len(difference.New), Changed: len(difference.Changed)}
	err = store.Import(ctx, pool, db.Actor{Name: "bursar prices import", Action: "importPrices"}, organizationID, writes, want, stop.at)
	if err := errors.Join(public(err), stop.end()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "imported %d prices\n", len(writes))
	return err
}

// importBuiltIn imports the prices in the binary where there are none.
func importBuiltIn(ctx context.Context, pool *pgxpool.Pool) error {
	list, err := catalogue.BuiltIn()
	if err != nil {
		return err
	}
	current, err := store.Read(ctx, pool, nil)
	if err != nil || len(current) > 0 {
		return err
	}
	writes := catalogue.NotOver(list.Prices, time.Now())
	return store.Import(ctx, pool, db.Actor{Name: "bursar dev", Action: "importPrices"}, nil, writes, store.Imported{New: len(writes)}, func(int) {})
}

type pricesExportCommand struct {
	Format       exportFormat       `default:"csv" placeholder:"csv|json" help:"Bursar's CSV, a line a rate, or JSON, a line a price. Both can be imported."`
	Organization string             `placeholder:"SLUG|ID" help:"This organization's own prices; unset, everybody's."`
	History      bool               `help:"Those that are over too."`
	BuiltIn      bool               `help:"The list in this binary, without a database."`
	Where        optionalOrEmbedded `embed:""`
	Log          logFlags           `embed:""`
}

// Help is the long text of --help.
func (pricesExportCommand) Help() string {
	return `Prints the prices that are in effect now or later on standard output, and nothing else there.

Works on DATABASE_URL or, when that is not set, on the database of bursar dev, which need not be running.`
}

// AfterApply checks the flags.
func (c *pricesExportCommand) AfterApply() error {
	if c.BuiltIn && c.Organization != "" {
		return &misuse{"--built-in: the list in this binary is everybody's, not an organization's"}
	}
	if c.BuiltIn {
		return nil
	}
	return c.Where.databaseOrEmbedded.AfterApply()
}

// optionalOrEmbedded is databaseOrEmbedded for a command that needs no database always.
type optionalOrEmbedded struct{ databaseOrEmbedded }

// AfterApply checks nothing: the command does.
func (*optionalOrEmbedded) AfterApply() error { return nil }

// Run writes the prices.
func (c *pricesExportCommand) Run(ctx context.Context, p *program) error {
	if c.BuiltIn {
		list, err := catalogue.BuiltIn()
		if err != nil {
			return err
		}
		return c.write(p.stdout, list.Prices)
	}
	logger := c.Log.logger(p.stderr, observe.JSON)
	return c.Where.with(ctx, "prices export", logger, func(pool *pgxpool.Pool) error {
		if err := requireSchema(ctx, pool); err != nil {
			return err
		}
		organizationID, err := findOrganization(ctx, pool, c.Organization)
		if err != nil {
			return err
		}
		prices, err := store.Read(ctx, pool, organizationID)
		if err != nil {
			return public(err)
		}
		return c.write(p.stdout, prices)
	})
}

// write writes prices in the format.
func (c *pricesExportCommand) write(to io.Writer, prices []catalogue.Price) error {
	if !c.History {
		prices = catalogue.NotOver(prices, time.Now())
	}
	if strings.EqualFold(string(c.Format), string(catalogue.JSON)) {
		return catalogue.WriteJSON(to, prices)
	}
	return catalogue.WriteCSV(to, prices)
}
