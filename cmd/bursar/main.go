// Command bursar is the whole of Bursar in one binary: the API, the job workers, the schema and the tools around them.
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

// untilSignal returns a context that ends with the first SIGINT or SIGTERM, upon which the program drains. The second one
// ends the program at once, with exit code 1; an embedded PostgreSQL ends with it. A server of bursar bench drains with the
// end of its input as well, so that it does not outlive a bench that is killed.
func untilSignal() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if os.Getenv(bench.EndsWithInput) != "" {
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin) // an error is the end of it too
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
