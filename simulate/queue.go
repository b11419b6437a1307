package simulate

// queue holds events in the order in which they are to be decided on: that of their instants, and for one instant that in which they came. It is a
// binary heap.
type queue struct {
	events []queued
	next   int64 // the number of the next event that comes
}

type queued struct {
	Event
	number int64
}

func (q *queue) isEmpty() bool { return len(q.events) == 0 }

func (q *queue) first() *Event { return &q.events[0].Event }

func (q *queue) isBefore(i, j int) bool {
	a, b := &q.events[i], &q.events[j]
	return a.At < b.At || a.At == b.At && a.number < b.number
}

func (q *queue) push(e Event) {
	q.events = append(q.events, queued{e, q.next})
	q.next++
	for i := len(q.events) - 1; i > 0; {
		parent := (i - 1) / 2
		if !q.isBefore(i, parent) {
			return
		}
		q.events[i], q.events[parent] = q.events[parent], q.events[i]
		i = parent
	}
}

func (q *queue) pop() Event {
	first := q.events[0].Event
	end := len(q.events) - 1
	q.events[0] = q.events[end]
	q.events = q.events[:end]
	for i := 0; ; {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < end; child++ {
			if q.isBefore(child, least) {
				least = child
			}
		}
		if least == i {
			return first
		}
		q.events[i], q.events[least] = q.events[least], q.events[i]
		i = least
	}
}
