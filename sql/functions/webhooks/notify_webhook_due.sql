-- notify_webhook_due notifies workers, when the transaction commits, that something is to be told to a webhook. The name of the channel is
-- in webhook/watch.go, too.
create or replace function notify_webhook_due() returns void
language sql volatile
as $$
  select pg_notify('bursar_webhook_due', '')
$$;
