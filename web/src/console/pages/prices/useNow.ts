import { useEffect, useState } from "react";

/** The instant at which the page was opened, and again every minute: prices begin and end while somebody looks at them. */
export function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 60_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
