// Package db is the way to the database: sqlc's queries, the connections they run on, what their errors mean to a client,
// and methods on the rows. It decides nothing about usage: sql/functions does.
package db
