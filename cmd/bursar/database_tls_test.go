package main

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"bursar/db/dbtest"
	"bursar/httpserver/certtest"
	"bursar/pg"
)

// Guarantee: with sslmode=verify-full everything that goes to PostgreSQL goes over TLS, to a server whose certificate is
// signed by the named authority and bears the name that was asked for, or nothing does; a password is never told.
func TestDatabaseOverTLS(t *testing.T) {
	t.Parallel()
	dbtest.Unraced(t, "is about PostgreSQL and flags, on one goroutine")
	server, err := pg.Start(t.Context(), pg.Config{Temporary: true, BinDir: os.Getenv("BURSAR_POSTGRES_BIN")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	plain := tlsURL(t, server.URL(), "require", nil)
	refused := start(t, variables{"DATABASE_URL": plain}, "migrate", "up")
	wantOneLine(t, refused, exitFailed, "TLS") // there is none yet, and it is not done without

	a := certtest.NewAuthority(t)
	switchTLSOn(t, server.URL(), a)
	trusted := tlsURL(t, server.URL(), "verify-full", a)
	if code := start(t, variables{"DATABASE_URL": trusted}, "migrate", "up").finish(); code != exitDone {
		t.Fatalf("migrate over TLS ends with %d", code)
	}
	_, serving := startServe(t, trusted, nil)
	wantStatus(t, "/readyz over TLS", get(t, serving+"/readyz"), http.StatusOK)
	connection, err := pgx.Connect(t.Context(), server.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(t.Context()) }()
	var all, secure int
	if err := connection.QueryRow(t.Context(), `select count(*), count(*) filter (where ssl) from pg_stat_ssl join pg_stat_activity using (pid)
		where application_name = 'bursar serve'`).Scan(&all, &secure); err != nil {
		t.Fatal(err)
	}
	if all == 0 || secure != all {
		t.Errorf("%d of %d connections are over TLS", secure, all)
	}

	password, _ := must(url.Parse(server.URL())).User.Password()
	for _, wrong := range []string{
		tlsURL(t, server.URL(), "verify-full", certtest.NewAuthority(t)),  // signed by another
		strings.Replace(trusted, "127.0.0.1", "127.0.0.2", 1),             // another name
		strings.Replace(trusted, ":"+password+"@", ":wrong-password@", 1), // another password
	} {
		r := start(t, variables{"DATABASE_URL": wrong}, "migrate", "up")
		wantOneLine(t, r, exitFailed)
		for _, secret := range []string{password, "wrong-password"} {
			if strings.Contains(r.stderr.String(), secret) {
				t.Errorf("the password is told: %s", r.stderr)
			}
		}
	}
}

func must(u *url.URL, err error) *url.URL {
	if err != nil {
		panic(err) // it is pgx's to take
	}
	return u
}

// tlsURL returns the URL of a database with the given sslmode, trusting an authority.
func tlsURL(t *testing.T, databaseURL, mode string, a *certtest.Authority) string {
	t.Helper()
	parsed := must(url.Parse(databaseURL))
	query := parsed.Query()
	query.Set("sslmode", mode)
	if a != nil {
		path := filepath.Join(t.TempDir(), "ca.pem")
		certtest.Replace(t, path, a.PEM())
		query.Set("sslrootcert", path)
	}
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// switchTLSOn has a running PostgreSQL speak TLS, with a certificate from an authority.
func switchTLSOn(t *testing.T, databaseURL string, a *certtest.Authority) {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), databaseURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = connection.Close(t.Context()) }()
	var folder string
	if err := connection.QueryRow(t.Context(), "show data_directory").Scan(&folder); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(folder)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := a.Issue(30)
	owner, _ := info.Sys().(*syscall.Stat_t)
	for name, content := range map[string][]byte{"server.crt": certificate, "server.key": key} {
		path := filepath.Join(folder, name)
		certtest.Replace(t, path, content)
		if err := os.Chown(path, int(owner.Uid), int(owner.Gid)); err != nil { // PostgreSQL wants the key to be its own
			t.Fatal(err)
		}
	}
	for _, statement := range []string{"alter system set ssl = on", "select pg_reload_conf()"} {
		if _, err := connection.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	trusted := tlsURL(t, databaseURL, "verify-full", a)
	eventually(t, "PostgreSQL does not speak TLS", func() bool {
		over, err := pgx.Connect(t.Context(), trusted)
		if err != nil {
			return false
		}
		_ = over.Close(t.Context())
		return true
	})
}
