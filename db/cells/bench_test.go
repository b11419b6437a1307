package cells_test

import (
	"testing"

	"bursar/db"
	"bursar/db/cells/cellstest"
)

// What a read of one row costs with one database, and with several, where each statement asks first whether the database decides.
func BenchmarkRead(b *testing.B) {
	i := cellstest.New(b, server, "eu")
	tenant := i.Tenant(i.Others[0])
	for name, on := range map[string]*db.TenantDB{"one": db.NewTenantDB(i.Others[0].Control), "several": db.NewRoutedDB(i.Set().Control())} {
		b.Run(name, func(b *testing.B) {
			rows := on.For(&tenant.Organization.ID)
			b.ReportAllocs()
			for b.Loop() {
				var slug string
				if err := rows.QueryRow(b.Context(), `select slug from organizations`).Scan(&slug); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
