import { useEffect, useState } from "react";

/**
 * The instant at which the page was opened, and again every minute: prices begin and end while somebody looks at them. `changed` is what
 * else may have come before now, such as a price's end.
 */
export function useNow(changed?: string | null): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const read = () => setNow(new Date());
    if (changed) read();
    const timer = setInterval(read, 60_000);
    return () => clearInterval(timer);
  }, [changed]);
  return now;
}
