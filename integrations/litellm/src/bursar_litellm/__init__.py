"""Has LiteLLM's proxy ask Bursar before each call, and report what the call has used."""

from .client import Bursar, Decision, Refused, Settlement, Unavailable
from .logger import BursarLogger

__all__ = ["Bursar", "BursarLogger", "Decision", "Refused", "Settlement", "Unavailable"]
