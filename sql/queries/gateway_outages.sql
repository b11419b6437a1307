-- CreateGatewayOutage keeps what gateways let go on while Bursar did not answer, and returns its id. keys is a list of objects in JSON.
-- name: CreateGatewayOutage :one
insert into gateway_outages (organization_id, began_at, ended_at, calls, cost_nanos, keys)
select @organization_id, @began_at, @ended_at, @calls, @cost_nanos, sqlc.arg('keys')::text::jsonb
returning id;
