package pg

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"bursar/db/dbtest/tempdir"
)

// The test binary is also the program that tests start and kill. These variables tell it its part.
const (
	roleVariable = "BURSAR_PG_TEST_ROLE" // "hold", "deaf", "watch", or unset for the tests
	dirVariable  = "BURSAR_PG_TEST_DIR"  // the data folder to hold; empty for a temporary server
	binVariable  = "BURSAR_PG_TEST_BIN"  // Config.BinDir
	pidVariable  = "BURSAR_PG_TEST_PID"  // the process to watch over
	// Config.Template
	templateVariable = "BURSAR_PG_TEST_TEMPLATE"
)

// template is a cluster that servers of tests begin with that are not about how one is made.
var template string

func TestMain(m *testing.M) {
	var err error
	switch role := os.Getenv(roleVariable); role {
	case "":
		var code int
		if code, err = runTests(m); err == nil {
			os.Exit(code)
		}
	case "hold":
		err = hold()
	case "deaf":
		err = beDeaf()
	case "watch":
		err = watch()
	default:
		err = fmt.Errorf("no role %q", role)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// runTests makes the template and runs the tests.
func runTests(m *testing.M) (code int, err error) {
	tempdir.InMemory() // else the disk has it
	if flag.Parse(); testing.Short() {
		return m.Run(), nil // without servers
	}
	folder, err := os.MkdirTemp("", "pg-test-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	server, err := Start(context.Background(), Config{Temporary: true})
	if err != nil {
		return 1, err
	}
	template = filepath.Join(folder, "template")
	if err := server.Keep(template); err != nil {
		return 1, err
	}
	return m.Run(), nil
}

// held is the line that a holding program prints when its server is up.
type held struct {
	URL     string
	PID     int
	Folder  string
	LogFile string
}

// hold starts a server, says so and keeps it until its standard input ends.
func hold() error {
	dir := os.Getenv(dirVariable)
	server, err := Start(context.Background(), Config{
		DataDir: dir, Temporary: dir == "", BinDir: os.Getenv(binVariable), Template: os.Getenv(templateVariable)})
	if err != nil {
		return err
	}
	line := held{URL: server.URL(), PID: server.PID(), Folder: server.folder.path, LogFile: server.LogFile()}
	if err := json.NewEncoder(os.Stdout).Encode(line); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return server.Stop()
}

// beDeaf ignores the signal of a fast shutdown and obeys that of an immediate one.
func beDeaf() error {
	signal.Ignore(syscall.SIGINT)
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, syscall.SIGQUIT)
	if _, err := fmt.Println("ready"); err != nil {
		return err
	}
	<-quit
	return nil
}

// watch ties a process to this program by a watchdog, and releases it when the standard input ends.
func watch() error {
	pid, err := strconv.Atoi(os.Getenv(pidVariable))
	if err != nil {
		return err
	}
	release, err := startWatchdog(pid)
	if err != nil {
		return err
	}
	if _, err := fmt.Println("watching"); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return release()
}
