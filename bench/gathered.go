package bench

import (
	"context"

	"bursar/gateway"
)

// gatheredBefore is the name of the measurement that pairs through the gathering client are compared with.
const gatheredBefore = "n d"

// measureGathered measures row n: row d again, and the same pairs through a client whose calls share requests.
func (r *runner) measureGathered(ctx context.Context) error {
	return r.measureAll(ctx, r.row(ReserveAndRecord(), "n").called(gatheredBefore, ", each call a request"), row{
		letter: "n", name: "n", what: "the same through gateway.Client, whose calls share requests", newWorker: r.gathered(),
	})
}

// gathered returns workers that call one client, as the calls of one gateway do.
func (r *runner) gathered() newWorker {
	var client *gateway.Client // of all workers, which are connected one after the other
	return func(_ context.Context, number int) (*worker, error) {
		if client == nil {
			made, err := gateway.New(gateway.Config{URLs: []string{r.Server}, Token: r.Data.Token})
			if err != nil {
				return nil, err
			}
			client = made
		}
		random, output := newRandom(number), int64(estimateTokens-usedInputTokens)
		return &worker{
			do: func(ctx context.Context) error {
				held, err := client.Reserve(ctx, gateway.Request{
					Secret: r.Data.Secret(random.IntN(r.Data.Keys)), InputTokens: usedInputTokens, MaxOutputTokens: &output, Cost: "0.01",
				})
				if err != nil {
					return err
				}
				report := gateway.Report{ReservationID: held.ID, RequestID: held.RequestID, Provider: "openai", Cost: "0.008"}
				report.Parts.Requests, report.Parts.InputTokens, report.Parts.OutputTokens, report.Parts.Model = 1, usedInputTokens, usedOutputTokens, "gpt-4o"
				_, err = client.Record(ctx, report)
				return err
			},
			close: func() error { client.Close(); return nil },
		}, nil
	}
}

// What a recorded request of the benchmark has used; the texts of operations have the same.
const (
	usedInputTokens  = 700
	usedOutputTokens = 200
)
