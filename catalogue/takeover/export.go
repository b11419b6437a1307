package takeover

import (
	"context"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"

	"bursar/catalogue"
	"bursar/catalogue/store"
)

// Written says in which format prices are written.
type Written struct {
	Format string `enum:"csv,json" default:"csv" help:"Bursar's CSV, a line a rate, or JSON, a line a price (csv, json). Both can be imported."`
}

// Write writes prices.
func (w *Written) Write(to io.Writer, prices []catalogue.Price) error {
	if w.Format == string(catalogue.JSON) {
		return catalogue.WriteJSON(to, prices)
	}
	return catalogue.WriteCSV(to, prices)
}

// WriteBuiltIn is the command that writes the prices in the binary.
type WriteBuiltIn struct {
	Written `embed:""`
}

// Run writes them.
func (w *WriteBuiltIn) Run(to io.Writer) error {
	list, err := catalogue.BuiltIn()
	if err != nil {
		return err
	}
	return w.Write(to, list.Prices)
}

// Licenses is the command that prints the notices of the lists that the one in the binary was made of.
type Licenses struct{}

// Run prints them.
func (Licenses) Run(to io.Writer) error {
	notices, err := catalogue.Licenses()
	if err != nil {
		return err
	}
	_, err = io.WriteString(to, notices)
	return err
}

// Export are the flags of an export.
type Export struct {
	Written `embed:""`
	History bool `help:"Those that are over too."`
}

// Run writes the prices of an organization, or everybody's (nil).
func (e *Export) Run(ctx context.Context, pool *pgxpool.Pool, organizationID *uuid.UUID, to io.Writer) error {
	prices, err := store.Read(ctx, pool, organizationID)
	if err != nil {
		return err
	}
	if !e.History {
		prices = catalogue.NotOver(prices, time.Now())
	}
	return e.Write(to, prices)
}
