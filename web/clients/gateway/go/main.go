// Command gateway-clients runs one client in one scenario for each line of input, as javascript/main.mjs does. It is a module of its own, so that the
// product does not depend on the clients.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
)

// request is a line of input.
type request struct {
	Client, Task, Base, Key, Model string
	Headers                        map[string]string
	Max                            int64
	Times, Number                  int
}

// answer is a line of output.
type answer struct {
	Number int     `json:"number"` // of the request
	Saw    *string `json:"saw"`    // nil when the client cannot do it
}

// calls is what a client can do. A function that is nil it cannot.
type calls struct {
	plain  func(context.Context) (string, error)
	stream func(ctx context.Context, seen func(piece string) (leave bool)) error
	loop   func(ctx context.Context, question string, called func()) (string, error)
	embed  func(context.Context) ([]int, error)
	image  func(context.Context) (int, error)
}

// schema is that of the tool's arguments.
func schema() map[string]any {
	return map[string]any{"type": "object", "properties": map[string]any{"word": map[string]any{"type": "string"}}, "required": []string{"word"}}
}

// run returns what a task comes to, in words; nil when the client cannot do it.
func run(r request, c calls) *string {
	ctx, called, pieces, text := context.Background(), 0, 0, ""
	told, err := "", error(nil)
	switch r.Task {
	case "plain":
		told, err = c.plain(ctx)
		told = "“" + told + "”"
	case "twice":
		if _, err = c.plain(ctx); err == nil {
			told, err = c.plain(ctx)
			told = "an answer, and then “" + told + "”"
		}
	case "stream":
		err = c.stream(ctx, func(piece string) bool { text += piece; return false })
		told = "“" + text + "”"
	case "abort":
		err = c.stream(ctx, func(piece string) bool {
			if piece != "" {
				pieces++
			}
			return pieces == 3
		})
		told = fmt.Sprintf("left after %d pieces", pieces)
	case "loop":
		told, err = c.loop(ctx, fmt.Sprintf("Call lookup %d times", r.Times), func() { called++ })
		told = fmt.Sprintf("tool calls: %d, then “%s”", called, told)
	case "embed":
		if c.embed == nil {
			return nil
		}
		var lengths []int
		lengths, err = c.embed(ctx)
		told = "vectors of " + strings.ReplaceAll(strings.Trim(fmt.Sprint(lengths), "[]"), " ", " and ") + " numbers"
	case "image":
		if c.image == nil {
			return nil
		}
		var images int
		images, err = c.image(ctx)
		told = fmt.Sprintf("%d image", images)
	}
	if err != nil {
		told = fmt.Sprintf("%T: %s", err, err)
		if called > 0 {
			told = fmt.Sprintf("tool calls: %d, then %s", called, told)
		} else if text != "" {
			told = "“" + text + "”, then " + told
		}
	}
	return &told
}

func main() {
	clients := map[string]func(request) calls{"openai-go": openAI, "anthropic-sdk-go": anthropicSDK, "go-openai": goOpenAI}
	printed := json.NewEncoder(os.Stdout)
	var printing sync.Mutex
	var running sync.WaitGroup
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		running.Go(func() {
			a := answer{r.Number, run(r, clients[r.Client](r))}
			printing.Lock()
			defer printing.Unlock()
			if err := printed.Encode(a); err != nil {
				fmt.Fprintln(os.Stderr, err)
				os.Exit(1)
			}
		})
	}
	running.Wait()
}
