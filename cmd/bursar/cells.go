package main

import (
	"github.com/alecthomas/kong"

	"bursar/cmd/bursar/value"
	"bursar/db/cells/command"
	"bursar/observe"
)

// cellsCommand are the commands, with the flags that all of them have.
type cellsCommand struct {
	command.Commands `embed:""`
	Database         databaseFlags `embed:""`
	Cells            value.Cells   `variable:"BURSAR_CELLS" placeholder:"NAME=URL,…" help:"The databases of the cells, beside DATABASE_URL, which is home."`
	Log              logFlags      `embed:""`
}

// AfterApply checks the flags, and binds what the commands work on.
func (c *cellsCommand) AfterApply(parsed *kong.Context, p *program) error {
	if err := c.Database.require("cells"); err != nil {
		return err
	}
	parsed.Bind(&command.Databases{
		Home: string(c.Database.DatabaseURL), Cells: c.Cells, ApplicationName: "bursar cells", Logger: c.Log.logger(p.stderr, observe.JSON),
	})
	return nil
}
