// Package db is the way to the database: sqlc's queries, the connections they run on, which faults their errors are, and methods
// on the rows. It decides nothing about usage, which sql/functions does, and tells clients nothing: sentences are in fault, HTTP
// statuses and the wording of denials in graph.
package db
