"""The callback, as the README has it."""

from bursar_litellm import BursarLogger

logger = BursarLogger(models={"demo-small": ("demo", "demo-small")}, timeout=2.0)
