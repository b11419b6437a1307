package spool_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"bursar/gateway/spool"
)

// writeVariable has a process of the test binary write to a spool until it is killed.
const writeVariable = "BURSAR_SPOOL_TEST_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writeVariable); dir != "" {
		writeUntilKilled(dir)
	}
	os.Exit(m.Run())
}

// writeUntilKilled begins, finishes and does entries, and prints after each step which number it has done.
func writeUntilKilled(dir string) {
	s, err := spool.Open(spool.Config{Dir: dir, MaxBytes: spool.MinMaxBytes})
	for i := 0; err == nil; i++ {
		id := strconv.Itoa(i)
		for _, step := range []struct {
			name string
			do   func() error
		}{
			{"begun", func() error { return s.Begin(id, []byte("begun-"+id)) }},
			{"finished", func() error { return s.Finish(id, []byte("finished-"+id)) }},
			{"done", func() error { return s.Done(id) }},
		} {
			if err = step.do(); err != nil {
				break
			}
			if _, err = fmt.Println(step.name, id); err != nil {
				break
			}
		}
	}
	fmt.Println(err)
	os.Exit(1)
}

// Whenever the process is killed, the spool has what the process knew to be written: an entry is begun, finished or gone as the last step that
// was acknowledged says, or as the one after it that was under way.
func TestKilled(t *testing.T) {
	t.Parallel()
	for round := range 10 {
		dir := t.TempDir()
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), writeVariable+"="+dir)
		output, err := child.StdoutPipe()
		must(t, err)
		must(t, child.Start())
		lines := bufio.NewScanner(output)
		last := ""
		for n := 0; n < 300+137*round && lines.Scan(); n++ {
			last = lines.Text()
		}
		must(t, child.Process.Kill())
		for lines.Scan() { // what it had printed before it was killed
			if strings.Contains(lines.Text(), " ") {
				last = lines.Text()
			}
		}
		_ = child.Wait() // it was killed
		step, id, ok := strings.Cut(last, " ")
		if !ok {
			t.Fatalf("the last line is %q", last)
		}
		number, err := strconv.Atoi(id)
		must(t, err)
		begun, finished, next := fmt.Sprintf("%d begun-%d ", number, number), fmt.Sprintf("%d begun-%d finished-%d", number, number, number),
			fmt.Sprintf("%d begun-%d ", number+1, number+1)
		may := map[string][]string{"begun": {begun, finished}, "finished": {finished, ""}, "done": {"", next}}[step]
		s := open(t, dir, spool.MinMaxBytes)
		if got := content(s); len(may) == 0 || got != may[0] && got != may[1] {
			t.Errorf("after %q there is %q, want one of %q", last, got, may)
		}
		must(t, s.Close())
	}
}
