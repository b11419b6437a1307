package proxy

import (
	"slices"
	"time"

	"bursar/gateway"
)

// Bounds of reports that are booked together.
const (
	waitingReports = 1 << 13 // that wait; of more the sweep finds what is in the spool
	together       = 1024    // that are booked at once
	bookings       = 4       // that are under way
)

// bookTogether books reports of leases with those that come soon after them.
func (r *reporter) bookTogether() {
	slots := make(chan struct{}, bookings)
	for {
		batch := r.take()
		if len(batch) == 0 {
			return
		}
		slots <- struct{}{}
		r.work.Go(func() {
			r.doAll(batch)
			<-slots
		})
	}
}

// take waits for a report, and for others that come soon after it. None: the work is over.
func (r *reporter) take() (batch []*task) {
	select {
	case <-r.ctx.Done():
		return nil
	case t := <-r.bulk:
		batch = append(batch, t)
	}
	flush := time.NewTimer(r.proxy.Settings().Bursar.Flush)
	defer flush.Stop()
	ends := r.ends
	for over := false; len(batch) < together; {
		if over {
			select {
			case t := <-r.bulk:
				batch = append(batch, t)
				continue
			default:
				return batch
			}
		}
		select {
		case t := <-r.bulk:
			batch = append(batch, t)
		case <-flush.C:
			over = true
		case <-ends:
			over = true
		}
	}
	return batch
}

// doAll books reports, with one request for as many as Bursar decides in one statement.
func (r *reporter) doAll(batch []*task) {
	client := r.proxy.current.Load().client
	tasks := map[string]*task{}
	var alone, others []gateway.Report
	for _, t := range batch {
		if !r.proxy.spool.Has(t.id) { // the sweep saw it before it was done
			t.end()
			r.leave(t.id)
			continue
		}
		tasks[t.id] = t
		if report := t.report.full(); t.alone {
			alone = append(alone, report)
		} else {
			others = append(others, report)
		}
	}
	merged := client.Merge(others)
	for i := range merged {
		if len(merged[i].Of) > 0 && !r.keep(&merged[i], tasks) {
			alone = append(alone, merged[i].Of...)
			merged[i].Of = nil
			merged[i].Report.RequestID = "" // it is booked as what it was made of
		}
	}
	merged = slices.DeleteFunc(merged, func(b gateway.Booking) bool { return b.Report.RequestID == "" })
	for i := range alone {
		merged = append(merged, gateway.Booking{Report: alone[i], Of: r.madeOf(alone[i].RequestID)})
	}
	recorded, errs := client.RecordAll(r.ctx, merged)
	for i := range merged {
		t := tasks[merged[i].Report.RequestID]
		r.conclude(t, recorded[i], errs[i])
		r.forgetMerged(t.id, errs[i])
		t.end()
		r.leave(t.id)
	}
}

// keep puts what reports were merged into in their place, in the spool and among the tasks; false: they have to be booked one by one.
func (r *reporter) keep(booking *gateway.Booking, tasks map[string]*task) bool {
	id := booking.Report.RequestID
	report := spooled{Report: booking.Report, Secret: booking.Report.Secret}
	for i := range booking.Of {
		report.Members = append(report.Members, booking.Of[i].RequestID)
	}
	payload, err := r.encode(&report)
	if err != nil {
		return false
	}
	r.mu.Lock()
	r.queued[id], r.merged[id] = true, booking.Of // so that the sweep leaves it to this task
	r.mu.Unlock()
	if err = r.proxy.spool.Begin(id, payload); err == nil {
		err = r.proxy.spool.Finish(id, payload)
	}
	if err == nil { // before Bursar has it: else the end of the machine could bring back what it was made of
		err = r.proxy.spool.Sync()
	}
	if err != nil {
		r.proxy.logger.Warn("reports are not merged, because that cannot be kept", "error", err)
		_ = r.proxy.spool.Done(id) // if it is there again, so is what it was made of, which is forgotten then
		r.forgetMerged(id, nil)
		r.leave(id)
		return false
	}
	var overs []func()
	for _, member := range report.Members {
		if err := r.proxy.spool.Done(member); err != nil {
			r.proxy.logger.Error("the spool cannot be written", "request", member, "error", err)
		}
		overs = append(overs, tasks[member].end)
		r.leave(member)
	}
	r.calls.Add(int64(len(booking.Of)))
	tasks[id] = &task{id: id, report: &report, over: func() {
		for _, over := range overs {
			over()
		}
	}}
	return true
}

// madeOf returns what a report that waits was made of by this process; nil: it is one of a call.
func (r *reporter) madeOf(id string) []gateway.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.merged[id]
}

// forgetMerged forgets what a report was made of, unless it has to be booked once more.
func (r *reporter) forgetMerged(id string, err error) {
	if err != nil && !gateway.IsRefused(err) {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.merged, id)
}
