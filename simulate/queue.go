package simulate

import "container/heap"

// queue holds events in the order in which they are to be decided on: that of their instants, and for one instant that in which they came.
type queue struct {
	events events
	next   int64 // the number of the next event that comes
}

type queued struct {
	Event
	number int64
}

func (q *queue) isEmpty() bool { return len(q.events) == 0 }

func (q *queue) first() *Event { return &q.events[0].Event }

func (q *queue) push(e Event) {
	heap.Push(&q.events, queued{e, q.next})
	q.next++
}

func (q *queue) pop() Event {
	last, _ := heap.Pop(&q.events).(queued)
	return last.Event
}

// events implement [heap.Interface].
type events []queued

func (e *events) Len() int      { return len(*e) }
func (e *events) Swap(i, j int) { (*e)[i], (*e)[j] = (*e)[j], (*e)[i] }

func (e *events) Less(i, j int) bool {
	a, b := &(*e)[i], &(*e)[j]
	return a.At < b.At || a.At == b.At && a.number < b.number
}

func (e *events) Push(x any) {
	one, _ := x.(queued)
	*e = append(*e, one)
}

func (e *events) Pop() any {
	last := len(*e) - 1
	one := (*e)[last]
	*e = (*e)[:last]
	return one
}
