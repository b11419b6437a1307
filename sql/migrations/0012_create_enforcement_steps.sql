-- +goose Up

-- The values that the steps of enforcement pass to each other. A batch is one value whose fields are arrays: what belongs
-- to one scope, one request, one report or one counter has the same index, from 1, in each array.

-- What identifies requests, resolved: the one place that limits are found by. Each distinct scope of a batch is in it once.
create type scope_batch as (
  organization_ids uuid[],     -- null for an unknown key
  workspace_ids uuid[],        -- null for an unknown key, and for one without a workspace
  api_key_ids uuid[],          -- null for an unknown key
  errors text[],               -- UNAUTHENTICATED; null for a valid access token, and as a whole when all are valid
  denials denial_reason[],     -- why the key may not be used, whatever its limits say; null when it may, and so as a whole
  stale_last_used integer[],   -- indexes of the scopes whose keys were last used a minute ago or longer, or never; null: none
  all_usable boolean           -- no scope has an error or a denial
);

-- What requests ask for at most.
create type request_batch as (
  scope_indexes integer[],
  request_ids text[],          -- empty where the client gave none; null as a whole for a check, and so are fingerprints
  fingerprints bytea[],        -- SHA-256 of each request's contents
  requests bigint[],
  tokens bigint[],
  cost_nanos bigint[]
);

-- What a batch asks of each counter, if all of it is admitted, and whether the counters have that left.
create type demand_batch as (
  counter_ids uuid[],
  ctids tid[],                 -- the rows' physical positions: stable while the organizations are locked
  units numeric[],             -- nano-dollars, tokens or requests, as the counter counts
  opens_window boolean[],      -- the stored rate window is over: the charge opens the next one
  changes bigint,              -- how many counters the charge changes
  charges charged_counters[],    -- one for each scope, not for each counter: what its requests are charged to
  all_fit boolean,             -- each counter has more left than its units
  has_expired_holds boolean    -- reservations are left that hold past their expiry
);

-- What becomes of each request. For a batch that is admitted as a whole all fields but ids are null.
create type decision_batch as (
  ids uuid[],                  -- the reservation, stored or to be stored; null for a refused request
  replayed boolean[],          -- the reservation was stored before, under the same request id
  errors text[],               -- UNAUTHENTICATED or IDEMPOTENCY_MISMATCH; null for a request that is answered
  admitted boolean[],          -- the reservation is to be stored
  counter_ids uuid[],          -- in the order of their ids
  counter_units numeric[],     -- what the admitted requests ask of each counter together
  refused_requests integer[],  -- indexes of requests, beside refused_counter_ids: which counter refused which request
  refused_counter_ids uuid[]
);

-- Usage that has happened, as gateways report it.
create type report_batch as (
  scope_indexes integer[],
  reservation_ids uuid[],      -- the zero id where the report names none
  request_ids text[],          -- empty where the client gave none
  fingerprints bytea[],        -- SHA-256 of each report's contents
  quantities bigint[],         -- two dimensions, [quantity][report]; book_usage has the order of the quantities
  cost_nanos bigint[],
  labels text[],               -- two dimensions, [label][report]; book_usage has the order of the labels
  occurred_at timestamptz[]    -- 0001-01-01 where the report names none
);

-- A reservation that a report names, as far as booking needs it. All fields are null for a report that names none, or one that
-- does not exist.
create type named_reservation as (
  id uuid,
  organization_id uuid,
  workspace_id uuid,
  api_key_id uuid,
  status reservation_status,
  held_requests bigint,
  held_tokens bigint,
  held_cost_nanos bigint,
  counter_ids uuid[],          -- the counters that it was charged to, beside their periods
  period_numbers integer[]
);

-- The reservations that the reports of a batch name.
create type reservation_batch as (
  of_reports named_reservation[],
  all_open boolean,            -- no report names an unknown key, or a reservation that is unknown, closed or named twice
  any_unreserved boolean       -- a report names no reservation
);

-- What becomes of each report. For a batch that is booked as a whole all fields but ids are null.
create type report_decision_batch as (
  ids uuid[],                  -- the ledger's row, stored or to be stored
  booked boolean[],            -- the row is to be stored
  replayed_at timestamptz[],   -- when a row that was stored before was recorded
  errors text[]                -- UNAUTHENTICATED, NOT_FOUND, IDEMPOTENCY_MISMATCH or RESERVATION_CLOSED
);

-- Periods of budgets in which settled usage has reached a threshold or the amount, and no alert says so yet.
create type owed_alert_batch as (
  organization_ids uuid[],
  counter_ids uuid[],
  period_numbers integer[]
);
