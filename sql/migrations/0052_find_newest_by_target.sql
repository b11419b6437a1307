-- +goose Up

-- The operator's audit log of one thing is in the order of audit_log_newest_idx. Without an index that finds the thing in that
-- order, that one is walked through among millions of entries until a page of the thing's is full.
create index audit_log_newest_target_idx on audit_log (target_id, uuid_send(id));

-- +goose Down
drop index audit_log_newest_target_idx;
