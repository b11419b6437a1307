package hostile

import "time"

// pace is how often a console reads again what has changed, by the rules of web/src/console/app/pace.ts.
type pace struct {
	pause  time.Duration // after the last reading
	factor int           // doubles while readings are refused; 0 counts as 1
}

const (
	shortestPause  = time.Second
	longestPause   = time.Minute
	pausePerAnswer = 4
)

// after returns the pace after a reading that took some time, or was refused.
func (p pace) after(took time.Duration, refused bool) pace {
	factor := max(1, p.factor/2)
	if refused {
		factor = min(2*max(1, p.factor), int(longestPause/shortestPause))
	}
	return pace{min(longestPause, time.Duration(factor)*max(shortestPause, pausePerAnswer*took)), factor}
}
