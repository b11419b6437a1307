package main

import (
	"fmt"

	"bursar/observe"
)

type versionCommand struct{}

// Run prints one line.
func (versionCommand) Run(p *program) error {
	build := observe.ReadBuild()
	modified := ""
	if build.Modified {
		modified = ", modified"
	}
	_, err := fmt.Fprintf(p.stdout, "bursar %s (revision %s%s, %s)\n", build.Version, build.Revision, modified, build.GoVersion)
	return err
}
