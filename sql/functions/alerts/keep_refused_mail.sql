-- keep_refused_mail is the trigger that leaves mail about a REFUSED alert, a raise and a budget of requests to workers of this release. Those of
-- release 1 know none and fail such mail before any attempt; it is queued again in a minute instead. It goes when release 1 is no longer supported.
create or replace function keep_refused_mail() returns trigger
language plpgsql
as $$
begin
  new.status := 'QUEUED';
  new.last_error := null;
  new.next_attempt_at := clock_timestamp() + interval '1 minute';
  return new;
end
$$;

create or replace trigger alert_deliveries_kept before update of status on alert_deliveries
  for each row when (old.status = 'QUEUED' and new.status = 'FAILED' and new.mail_id is null
    and (new.last_error like 'alert "%": kind is "REFUSED", want one of %'
      or new.last_error like 'alert "%": kind is "RAISE%", want one of %'
      or new.last_error like 'alert "%": budget type is "REQUESTS", want one of %'))
  execute function keep_refused_mail();
