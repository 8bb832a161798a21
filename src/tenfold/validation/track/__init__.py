"""A running job against its plan: when it ends now, and what made it late.

question, answer    what can be asked, what is said
progress            how far a log has come, and over what time
track               the answer put together
"""

from tenfold.validation.track.answer import TrackAnswer
from tenfold.validation.track.question import TrackQuestion

__all__ = ["TrackAnswer", "TrackQuestion"]
