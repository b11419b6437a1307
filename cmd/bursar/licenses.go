package main

import (
	"io"

	"bursar/catalogue"
)

type licensesCommand struct{}

// Help is the long text of --help.
func (licensesCommand) Help() string {
	return `Prints the notices of the public lists of prices that the one in this binary was made of.`
}

// Run prints the notices.
func (licensesCommand) Run(p *program) error {
	notices, err := catalogue.Licenses()
	if err != nil {
		return err
	}
	_, err = io.WriteString(p.stdout, notices)
	return err
}
