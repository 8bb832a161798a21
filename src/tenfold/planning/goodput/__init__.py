"""What failures do to one job, asked and answered.

question    what can be asked; contradictions: what cannot be; answer: what is said
inputs      from names and figures to the run that the reliability room assesses
goodput     the answer put together
"""

from tenfold.planning.goodput.answer import GoodputAnswer, PolicyRow, SizeRow
from tenfold.planning.goodput.question import GoodputQuestion

__all__ = ["GoodputAnswer", "GoodputQuestion", "PolicyRow", "SizeRow"]
