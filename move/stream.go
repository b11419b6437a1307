package move

import (
	"context"
	"fmt"
	"io"

	"github.com/jackc/pgx/v5"
)

// stream copies the rows of a query of one database into a table of another, and returns how many they are. The form is PostgreSQL's text: the binary one has numbers
// of types, which differ from database to database. Both connections are of transactions that fail with it.
func stream(ctx context.Context, from *pgx.Conn, query string, to *pgx.Conn, into string) (rows int64, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, writer := io.Pipe()
	read := make(chan error, 1)
	go func() {
		_, err := from.PgConn().CopyTo(ctx, writer, fmt.Sprintf("copy (%s) to stdout", query))
		_ = writer.CloseWithError(err) // io.EOF for nil; it never fails
		read <- err
	}()
	tag, err := to.PgConn().CopyFrom(ctx, reader, fmt.Sprintf("copy %s from stdin", into))
	_ = reader.CloseWithError(io.ErrClosedPipe) // it never fails
	if reading := <-read; reading != nil {
		return 0, fmt.Errorf("read %s: %w", into, reading)
	}
	if err != nil {
		return 0, fmt.Errorf("write %s: %w", into, err)
	}
	return tag.RowsAffected(), nil
}
