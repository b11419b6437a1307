// Package db reads and writes the database: sqlc's queries, connection pools, transactions, the faults that errors mean, and
// methods on rows. It decides nothing about usage; sql/functions does. It has no texts for clients: messages are in fault, HTTP
// statuses and the wording of denials in graph.
package db
