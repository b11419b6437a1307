#!/usr/bin/env bash
# litellm 1.110.2: a budget whose budget_duration is 48h or 72h begins again at the next midnight, and one of 2d or 3d after two or three days.
#
# Guess: 48h and 2d are the same length, and a length that cannot be read is refused; 30d is thirty days.
# Seen: hours are added to the hour of the day, and what is past midnight becomes the hour of the next day: 10:00 with 48h ends at 00:00 of the next day. A
# length that cannot be read ends at the next midnight, too. 30d ends on the first of the next month, as 1mo does, and 31d after 31 days.
#
# Source: get_next_standardized_reset_time in litellm_core_utils/duration_parser.py, run alone. Needs Python and PyPI; runs in a temporary folder that it
# removes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m pip download --quiet --disable-pip-version-check --no-deps litellm==1.110.2
python3 - litellm-1.110.2-*.whl <<'PY'
import importlib.util, logging, sys, types, zipfile
from datetime import datetime, timezone

zipfile.ZipFile(sys.argv[1]).extract("litellm/litellm_core_utils/duration_parser.py")
package, log = types.ModuleType("litellm"), types.ModuleType("litellm._logging")
log.verbose_logger = logging.getLogger("litellm")
log.verbose_logger.setLevel(logging.CRITICAL)
sys.modules.update({"litellm": package, "litellm._logging": log})
spec = importlib.util.spec_from_file_location("duration_parser", "litellm/litellm_core_utils/duration_parser.py")
parser = importlib.util.module_from_spec(spec)
spec.loader.exec_module(parser)

now = datetime(2026, 11, 25, 10, tzinfo=timezone.utc)
seen = {length: parser.get_next_standardized_reset_time(length, now).strftime("%m-%d %H:%M") for length in ("24h", "48h", "2d", "72h", "3d", "fortnight", "30d", "1mo", "31d")}
for length, end in seen.items():
    print(f"{length:10} from 11-25 10:00 ends at {end}")
midnight = "11-26 00:00"
expected = {"24h": midnight, "48h": midnight, "2d": "11-27 00:00", "72h": midnight, "3d": "11-28 00:00", "fortnight": midnight, "30d": "12-01 00:00", "1mo": "12-01 00:00", "31d": "12-26 00:00"}
sys.exit("this has changed" if seen != expected else 0)
PY
