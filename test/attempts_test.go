package test

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"bursar/fault"
)

// attempts are what gateways sent while they were watched, and what became of it.
type attempts struct {
	mutex   sync.Mutex
	watched bool
	all     []attempt
}

type attempt struct {
	began, ended time.Time
	code         fault.Code // "" when it was answered
	broken       bool       // the connection broke, and there was no answer
}

// late is the longest time of an answer that does not count as a disturbance.
const late = time.Second

// watch begins to keep attempts, anew.
func (a *attempts) watch() {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	a.watched, a.all = true, nil
}

func (a *attempts) add(began time.Time, answered *answer, err error) {
	ended := time.Now()
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if !a.watched {
		return
	}
	if err != nil {
		a.all = append(a.all, attempt{began: began, ended: ended, broken: true})
		return
	}
	a.all = append(a.all, attempt{began: began, ended: ended, code: answered.code()})
}

// seen is what gateways saw of a fault.
type seen struct {
	answered, unavailable, broken int
	slowest, usual                time.Duration // of the answers; usual is their median
	right                         time.Duration // from the fault's end to that of the last attempt that was not answered in time
}

// since sums up what gateways saw of a fault that ended at an instant.
func (a *attempts) since(ended time.Time) seen {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	var s seen
	var answers []time.Duration
	for _, each := range a.all {
		took := each.ended.Sub(each.began)
		switch {
		case each.broken:
			s.broken++
		case each.code == "":
			s.answered++
			answers = append(answers, took)
		default: // ask has failed the test for any other code
			s.unavailable++
		}
		if each.broken || each.code != "" || took > late {
			s.right = max(s.right, each.ended.Sub(ended))
		}
	}
	if slices.Sort(answers); len(answers) > 0 {
		s.usual, s.slowest = answers[len(answers)/2], answers[len(answers)-1]
	}
	return s
}

// String is the middle of a row of the table in docs/reliability.md.
func (s seen) String() string {
	return fmt.Sprintf("%d answered, %d `UNAVAILABLE`, %d connections broken | %s | %s",
		s.answered, s.unavailable, s.broken, rounded(s.slowest), rounded(s.right))
}

// rounded returns seconds as a table has them.
func rounded(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
