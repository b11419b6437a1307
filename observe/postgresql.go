package observe

import (
	"context"
	"fmt"

	"bursar/db"
)

// newestZones is the newest release of time zone data that the database's time_zone_release tells apart.
const newestZones = "2026b"

// ReadPostgreSQL returns a line about the PostgreSQL at a URL: its release, and what can be told of its data of time zones. PostgreSQL does not
// say which it has: some releases are told apart by what they changed.
func ReadPostgreSQL(ctx context.Context, url string) (string, error) {
	pool, err := db.NewPool(ctx, db.PoolConfig{URL: url, ApplicationName: "bursar version", MaxConnections: 1})
	if err != nil {
		return "", err
	}
	defer pool.Close()
	release, err := db.New().GetPostgreSQLRelease(ctx, pool)
	if err != nil {
		return "", fmt.Errorf("read PostgreSQL's release: %w", err)
	}
	zones := "before 2024a"
	switch release.TimeZoneRelease {
	case "":
	case newestZones:
		zones = newestZones + " or later"
	default:
		zones = release.TimeZoneRelease + " or later, without what " + newestZones + " changed"
	}
	return fmt.Sprintf("PostgreSQL %s (time zone data %s)", release.ServerVersion, zones), nil
}
