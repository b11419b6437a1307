// Command bursar is all of Bursar in one binary: the API, the job workers, the schema and the tools.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"bursar/bench"
)

func main() {
	os.Exit(Run(untilSignal(), os.Args[1:], os.LookupEnv, os.Stdout, os.Stderr))
}

// untilSignal returns a context that ends with the first SIGINT or SIGTERM, which makes the program drain. The second one ends
// the program at once with exit code 1, and an embedded PostgreSQL with it. With the variable bench.EndsWithInput, the end of
// standard input has the effect of a first signal.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if os.Getenv(bench.EndsWithInput) != "" {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // an error is the end of the input too
			cancel()
		}()
	}
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(1)
	}()
	return ctx
}
