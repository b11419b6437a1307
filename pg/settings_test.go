package pg

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// wantError checks that an error exists and says each of the texts.
func wantError(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error does not say %q:\n%v", text, err)
		}
	}
}

func wantSettings(t *testing.T, server *Server, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if got := query(t, server.URL(), "SELECT current_setting('"+name+"')"); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

// A kept server is durable, speaks UTF-8 in UTC, sorts by code point and is reachable through loopback alone, with a
// password.
func TestKeptSettings(t *testing.T) {
	t.Parallel()
	server := startNew(t, Config{DataDir: t.TempDir()})
	wantSettings(t, server, map[string]string{
		"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "data_checksums": "on",
		"server_encoding": "UTF8", "TimeZone": "UTC", "log_timezone": "UTC", "password_encryption": "scram-sha-256",
		"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": "200", "shared_buffers": "256MB",
	})
	if compression := query(t, server.URL(), "SELECT current_setting('wal_compression')"); compression == "off" {
		t.Error("wal_compression is off")
	}
	sorts := query(t, server.URL(), "SELECT datcollate FROM pg_database WHERE datname = 'bursar'")
	if sorts != "C" {
		t.Errorf("the database sorts by %q", sorts)
	}
	open := query(t, server.URL(), "SELECT count(*)::text FROM pg_hba_file_rules WHERE auth_method <> 'scram-sha-256'")
	if open != "0" {
		t.Errorf("%s rules let clients in without a password", open)
	}
}

// A temporary server gives up durability for speed and takes a test binary's many connections.
func TestTemporarySettings(t *testing.T) {
	t.Parallel()
	server := startNew(t, Config{Temporary: true})
	wantSettings(t, server, map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400", "shared_buffers": "128MB",
	})
}

// The statement statistics are loaded wherever the installation has them, so that they can be had without a restart.
func TestStatementStatisticsArePreloaded(t *testing.T) {
	t.Parallel()
	server := startServer(t, Config{Temporary: true})
	if !server.installation.hasLibrary("pg_stat_statements") {
		t.Skip("this PostgreSQL comes without pg_stat_statements")
	}
	execute(t, server.URL(), "CREATE EXTENSION pg_stat_statements")
	if query(t, server.URL(), "SELECT count(*)::text FROM pg_stat_statements") == "" {
		t.Error("no statistics")
	}
	if server.installation.hasLibrary("no_such_library") {
		t.Error("a library that does not exist was found")
	}
}

// The caller's settings win over the defaults, in whichever case they are spelled; any value is passed unharmed.
func TestCallersSettingsWin(t *testing.T) {
	t.Parallel()
	server := startServer(t, Config{Temporary: true, Settings: map[string]string{
		"Max_Connections": "77", "application_name": "two words, 'quoted'", "shared_preload_libraries": "",
	}})
	wantSettings(t, server, map[string]string{
		"max_connections": "77", "application_name": "two words, 'quoted'", "shared_preload_libraries": "",
	})
}

// A configuration that cannot work is refused before anything is made.
func TestInvalidConfigIsRefused(t *testing.T) {
	t.Parallel()
	for text, config := range map[string]Config{
		"no data folder":        {},
		"leave DataDir empty":   {Temporary: true, DataDir: "somewhere"},
		"setting port":          {Temporary: true, Settings: map[string]string{"port": "5432"}},
		"Listen_Addresses":      {Temporary: true, Settings: map[string]string{"Listen_Addresses": "*"}},
		"not the name of a":     {Temporary: true, Settings: map[string]string{"a b": "c"}},
		"named by BURSAR_POSTG": {Temporary: true, BinDir: "/nowhere"},
	} {
		_, err := Start(t.Context(), config)
		wantError(t, err, text)
	}
}

// A server that does not start tells why, in its own words.
func TestFailedStartShowsTheLog(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Config{DataDir: t.TempDir(), Settings: map[string]string{"shared_buffers": "much"}})
	wantError(t, err, "postgresql.log", "shared_buffers", "much")
}

// The address works for PostgreSQL's own client in another process, and tells the version that the server has.
func TestURLWorksForPsql(t *testing.T) {
	t.Parallel()
	server := startServer(t, Config{Temporary: true})
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("there is no psql: ", err)
	}
	printed, err := exec.Command(psql, "--no-psqlrc", "--tuples-only", "--no-align", "--command=SHOW server_version_num", server.URL()).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, printed)
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(printed)))
	must(t, err)
	if number/10000 != server.Major() || !strings.HasPrefix(server.Version(), strconv.Itoa(server.Major())) {
		t.Errorf("the server is %d, and Version is %s and Major %d", number, server.Version(), server.Major())
	}
}
