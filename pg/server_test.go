package pg

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// startServer starts a server for a test, on a copy of the template unless the folder has a cluster, and stops it at the test's end. Under
// -short it skips the test.
func startServer(t *testing.T, config Config) *Server {
	t.Helper()
	config.Template = template
	return startNew(t, config)
}

// startNew is startServer for a cluster that the server makes.
func startNew(t *testing.T, config Config) *Server {
	t.Helper()
	long(t)
	server, err := Start(t.Context(), config)
	must(t, err)
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// long skips a test that starts servers of its own under -short. Tests of other packages start one as well.
func long(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out under -short: it starts a PostgreSQL of its own")
	}
}

// query returns the one text that a statement results in.
func query(t *testing.T, address, statement string) string {
	t.Helper()
	connection := connect(t, address)
	var result string
	must(t, connection.QueryRow(t.Context(), statement).Scan(&result))
	return result
}

// connect opens a connection until the test's end.
func connect(t *testing.T, address string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), address)
	must(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := connection.Close(ctx); err != nil {
			t.Log("close the connection:", err) // its server may have been killed
		}
	})
	return connection
}

func execute(t *testing.T, address, statement string) {
	t.Helper()
	_, err := connect(t, address).Exec(t.Context(), statement)
	must(t, err)
}

// A kept server's data is there at the next start of the same folder, and so is its password.
func TestKeptDataSurvives(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "on the way")
	first := startServer(t, Config{DataDir: dir})
	execute(t, first.URL(), "CREATE TABLE kept AS SELECT 'still here' AS word")
	must(t, first.Stop())

	second := startServer(t, Config{DataDir: dir})
	if word := query(t, second.URL(), "SELECT word FROM kept"); word != "still here" {
		t.Errorf("the second run reads %q", word)
	}
}

// Whoever lost the file with the password keeps the data: the next start sets a new password.
func TestLostPasswordIsReplaced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startServer(t, Config{DataDir: dir})
	execute(t, first.URL(), "CREATE TABLE kept AS SELECT 'still here' AS word")
	must(t, first.Stop())
	must(t, os.Remove(filepath.Join(dir, "password")))

	second := startServer(t, Config{DataDir: dir})
	if word := query(t, second.URL(), "SELECT word FROM kept"); word != "still here" {
		t.Errorf("the second run reads %q", word)
	}
}

// A changed password file is told apart from other failures, with the way out.
func TestChangedPasswordIsExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	must(t, startServer(t, Config{DataDir: dir}).Stop())
	must(t, os.WriteFile(filepath.Join(dir, "password"), []byte("another\n"), 0o600))

	_, err := Start(t.Context(), Config{DataDir: dir})
	wantError(t, err, "password was changed", "delete it")
}

// A user who dropped the database gets an empty one, not an address that leads nowhere.
func TestDroppedDatabaseIsCreatedAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := startServer(t, Config{DataDir: dir})
	address, err := pgx.ParseConfig(first.URL())
	must(t, err)
	execute(t, databaseURL(int(address.Port), address.Password, "postgres"), "DROP DATABASE bursar")
	must(t, first.Stop())

	second := startServer(t, Config{DataDir: dir})
	if name := query(t, second.URL(), "SELECT current_database()::text"); name != "bursar" {
		t.Errorf("connected to %q", name)
	}
}

// The password is nobody else's to read, neither are the log nor the cluster.
func TestFilesArePrivate(t *testing.T) {
	t.Parallel()
	server := startNew(t, Config{DataDir: t.TempDir()})
	for _, path := range []string{server.folder.password(), server.folder.log(), server.folder.cluster()} {
		info, err := os.Stat(path)
		must(t, err)
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %s", path, info.Mode())
		}
	}
}

// A canceled start returns the cancellation, leaves the folder unlocked and nothing half made in it.
func TestCanceledStartLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bin, fifo := blockingInitdb(t)
	ctx, cancel := context.WithCancel(t.Context())
	failed := make(chan error, 1)
	go func() {
		_, err := Start(ctx, Config{DataDir: dir, BinDir: bin})
		failed <- err
	}()
	initdb := awaitWriter(t, fifo)
	cancel()
	wantError(t, <-failed, context.Canceled.Error())
	awaitEnd(t, initdb)
	left, err := filepath.Glob(filepath.Join(dir, initializingPrefix+"*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	startNew(t, Config{DataDir: dir})
}
