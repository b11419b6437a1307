package overhead

import (
	"fmt"
	"strings"
	"time"
)

// chat is a call as it is sent.
type chat struct {
	header string // lines that tell the demo provider how to answer
	body   string
	end    string // of a complete answer
}

const (
	callTokens  = 20              // of the answer to a short call
	streamTime  = 2 * time.Second // of a stream; shorter where phases are
	promptBytes = 400
)

// newChat returns a chat whose answer has a number of tokens, one in each interval.
func newChat(stream bool, tokens int, interval time.Duration) *chat {
	c := &chat{
		header: fmt.Sprintf("X-Demo: first=0s,token=%s,tokens=%d\r\n", interval, tokens),
		body: fmt.Sprintf(`{"model":"demo-small","max_tokens":%d,"stream":%t,"messages":[{"role":"user","content":"%s"}]}`, tokens, stream,
			strings.Repeat("words ", promptBytes/len("words "))),
		end: "}",
	}
	if stream {
		c.end = "data: [DONE]\n\n"
	}
	return c
}

// kind is one kind of load.
type kind struct {
	name     string
	size     int                   // of the load that was asked for
	what     func(size int) string // a load of a size
	chat     *chat
	starts   func(size int) float64 // calls a second that make such a load
	workers  func(size int) int     // connections; enough for calls that take several times as long as they should
	duration time.Duration          // of one call that nothing delays
}

// streams are as many streams at the same time as were asked for: new ones begin at a constant rate.
func (r *runner) streams() kind {
	interval := time.Second / time.Duration(r.TokensPerSecond)
	tokens := max(2, int(min(streamTime, r.Duration/2)/interval))
	length := time.Duration(tokens) * interval
	return kind{
		name: "streams", size: r.Streams, chat: newChat(true, tokens, interval), duration: length,
		what: func(size int) string {
			return fmt.Sprintf("%d streams of %d tokens/s at once", size, r.TokensPerSecond)
		},
		starts:  func(size int) float64 { return float64(size) / length.Seconds() },
		workers: func(size int) int { return 2*size + spareWorkers },
	}
}

// calls are short calls, which the provider answers at once.
func (r *runner) calls() kind {
	return kind{
		name: "calls", size: r.Calls, chat: newChat(false, callTokens, 0),
		what:    func(size int) string { return fmt.Sprintf("%d short calls/s", size) },
		starts:  func(size int) float64 { return float64(size) },
		workers: func(int) int { return callWorkers },
	}
}

const (
	spareWorkers = 8
	callWorkers  = 128
)
