from .scoring import Score as Score
