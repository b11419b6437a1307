package proxy

// aside runs a function on a goroutine of its own and waits for it. The stack that it needs is given back when it ends, where that of the caller stays as large as
// it once was for as long as an answer streams.
func aside(run func()) {
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		run()
	}()
	if failure := <-done; failure != nil {
		panic(failure)
	}
}
