package main

import (
	"io"

	"bursar/api"
)

type schemaCommand struct{}

// Run prints the schema of the API.
func (schemaCommand) Run(p *program) error {
	_, err := io.WriteString(p.stdout, api.SDL())
	return err
}
