package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"

	"bursar/bench"
)

// attacker returns the program that attacks, a process of its own so that it takes nothing from the gateways' but what any
// other on the machine does.
func attacker(ctx context.Context) (*exec.Cmd, error) {
	path, err := os.Executable()
	return exec.CommandContext(ctx, path, "bench-attack"), err //nolint:gosec // it is this program
}

type benchAttackCommand struct{}

// Run reads what to attack from standard input, attacks, and prints what it came to as JSON.
func (benchAttackCommand) Run(ctx context.Context, p *program) error {
	if err := bench.Yield(ctx); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1) // what the attacker does on its own machine is nothing to measure
	var attack bench.Attack
	if err := json.NewDecoder(os.Stdin).Decode(&attack); err != nil {
		return fmt.Errorf("read what to attack: %w", err)
	}
	return json.NewEncoder(p.stdout).Encode(attack.Run(ctx))
}
