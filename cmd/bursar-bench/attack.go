package main

import (
	"context"
	"os"
	"os/exec"
	"runtime"

	"bursar/bench/hostile"
)

// attacker returns the command that runs attackCommand in a process of its own.
func attacker(ctx context.Context) (*exec.Cmd, error) {
	path, err := os.Executable()
	return exec.CommandContext(ctx, path, "attack"), err //nolint:gosec // it is this program
}

type attackCommand struct{}

// Run reads a [hostile.Attack] from standard input, runs it, and prints the results as JSON: see [hostile.Serve].
func (attackCommand) Run(ctx context.Context, p *program) error {
	if err := hostile.Yield(ctx); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1) // an attacker on another machine would take none of this one's processors
	return hostile.Serve(ctx, p.stdin, p.stdout)
}
