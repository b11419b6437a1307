-- +goose Up

-- Ids are unique in the instance: the operator, who asks about a thing without saying whose it is, finds it as well.
drop index audit_log_target_id_idx;
create index audit_log_target_id_idx on audit_log (target_id, id);

-- +goose Down
drop index audit_log_target_id_idx;
create index audit_log_target_id_idx on audit_log (organization_id, target_id, id);
