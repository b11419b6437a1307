package command

import (
	"context"
	"errors"
	"io"
	"os"

	"bursar/db"
	"bursar/fault"
)

// Commands are those of bursar cells.
type Commands struct {
	List  list    `cmd:"" help:"Show the cells, and what is in them."`
	Add   add     `cmd:"" help:"Make a database that BURSAR_CELLS names a cell of this installation."`
	Open  open    `cmd:"" help:"Put a cell into service again, also one that was restored to an earlier time."`
	Close closing `cmd:"" help:"Have servers and workers ask a cell no more."`
	Full  full    `cmd:"" help:"Make no new organizations in a cell, and serve those that it has."`
}

type list struct{}

// Run lists.
func (list) Run(ctx context.Context, d *Databases, to io.Writer) error {
	return public(d.List(ctx, to))
}

type add struct {
	Name   string  `arg:"" help:"Its name in BURSAR_CELLS."`
	Region *string `placeholder:"REGION" help:"Where its data is, as a name of your own such as europe: organizations of a region stay in its cells."`
}

// Run adds.
func (c *add) Run(ctx context.Context, d *Databases, to io.Writer) error {
	return public(d.Add(ctx, c.Name, c.Region, to))
}

type open struct {
	Name string `arg:"" help:"The cell, or home."`
	Yes  bool   `help:"Do it without asking."`
}

// Help is the long text of --help.
func (open) Help() string {
	return `Compares what the directory and all cells say of each organization, and shows what it would put right. Where two databases say that
they decide for an organization, the one that began later does from then on; one for which none does is named, and left to you. All
cells must be reached.`
}

// Run opens.
func (c *open) Run(ctx context.Context, d *Databases, to io.Writer) error {
	return public(d.OpenCell(ctx, c.Name, Terminal{In: os.Stdin, Out: to, Yes: c.Yes}))
}

type closing struct {
	Name string `arg:"" help:"The cell."`
}

// Run closes.
func (c *closing) Run(ctx context.Context, d *Databases, to io.Writer) error {
	return public(d.SetState(ctx, c.Name, db.CellStateCLOSED, to))
}

type full struct {
	Name string `arg:"" help:"The cell, or home."`
}

// Run makes full.
func (c *full) Run(ctx context.Context, d *Databases, to io.Writer) error {
	return public(d.SetState(ctx, c.Name, db.CellStateFULL, to))
}

// public returns an error that whoever runs a command can do something about without its cause.
func public(err error) error {
	if known, ok := errors.AsType[*fault.Fault](err); ok && known.Code != fault.Internal && known.Code != fault.Unavailable {
		return errors.New(known.Message)
	}
	return err
}
